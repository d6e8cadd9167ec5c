"""How allauth behaves in a clinic: nobody signs up by themself, mail goes through the outbox, factors are stored encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as context_of_allauth
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest

from staff import outbox
from staff.cipher import cipher_for

LONGEST_ADDRESS = 254  # RFC 5321, and the column's width
SECOND_FACTORS = "second factors"


class ClinicAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a mail server that is down must break no page. Nothing for an address longer than any can be,
        which a stranger may have typed."""
        if len(email) > LONGEST_ADDRESS:
            return
        request = context_of_allauth.request
        words = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        mail = self.render_mail(template_prefix, email, words)
        outbox.queue(to=email, subject=str(mail.subject), body=str(mail.body))


class ClinicMFAAdapter(DefaultMFAAdapter):
    """allauth stores the seeds of second factors in clear unless it is told how to encrypt them."""

    def encrypt(self, text: str) -> str:
        return cipher_for(SECOND_FACTORS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher_for(SECOND_FACTORS).decrypt(encrypted_text.encode()).decode()
