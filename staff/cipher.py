"""What is stored so that only this installation reads it, under a key that comes from SECRET_KEY. Each purpose has a key of its
own. Whoever changes SECRET_KEY keeps the former one in SECRET_KEY_FALLBACKS until what it sealed is gone."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "cipher_for"]


def cipher_for(purpose: str) -> MultiFernet:
    """Its `decrypt` raises InvalidToken for what was sealed under another key or for another purpose."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_key(purpose, str(secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
