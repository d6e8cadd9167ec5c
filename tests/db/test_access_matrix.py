"""Every address × every person × GET and POST: what is answered, written by hand. An address that is not here fails.

    nobody      works here and has no role          stranger    a therapist of other clients
    former      carried the course until yesterday  therapist   carries the course
    supervisor  supervises the therapist            deputy      stands in, and the supervisor is not away
    administrator, lead                             break-glass is planned for a later issue, and has no column yet

POST sends an empty form: 200 or 422 shows it again with what is missing, 302 is an act done, 400 a form that cannot be.
409 shows what stands beside what was typed: an empty form has not seen the row that it would change.
404 is what a stranger gets; 403 is for who may see the client and may not do this; 405 is no such act."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from courses.models import EndingPlan
from outcomes.models import Alert, SafetyPlan
from referrals.models import OutcomeLetter
from sessions.models import ContactDue
from staff.models import Holiday
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

PEOPLE = (
    "anonymous",
    "nobody",
    "stranger",
    "former",
    "therapist",
    "supervisor",
    "deputy",
    "administrator",
    "lead",
)

# name: (GET, POST), each in the order of PEOPLE.
#                          anon nobo stra form ther supe depu admi lead
EXPECTED = {
    "caseload:home":            ("302 200 302 302 302 302 302 302 302", "302 405 405 405 405 405 405 405 405"),
    "caseload:appointments":    ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:today":           ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:mine":            ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:supervisees":     ("302 403 403 403 403 200 200 403 403", "302 405 405 405 405 405 405 405 405"),
    "caseload:all":             ("302 403 403 403 403 403 403 403 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:clinic":          ("302 403 403 403 403 403 403 200 403", "302 405 405 405 405 405 405 405 405"),
    # Also for a therapist who screens, whom this matrix has not: tests/db/caseload/test_waiting.py.
    "caseload:waiting":         ("302 403 403 403 403 403 403 200 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:waiting_acts":    ("302 403 403 403 403 403 403 404 404", "302 403 403 403 403 403 403 404 404"),
    "caseload:screening":       ("302 403 403 403 403 403 403 200 200", "302 403 403 403 403 403 403 200 200"),
    "caseload:office":          ("302 403 403 403 403 403 403 200 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:duty":            ("302 403 403 403 403 403 403 200 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:find":            ("302 200 200 200 200 200 200 200 200", "302 405 405 405 405 405 405 405 405"),
    "caseload:unsigned":        ("302 403 200 200 200 200 200 200 200", "302 405 405 405 405 405 405 405 405"),
    # An empty form names no note.
    "supervision:recordings":   ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:recording_new": ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "supervision:recording":    ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 403"),
    "supervision:rate":         ("302 404 404 404 403 200 404 403 403", "302 404 404 404 403 200 404 403 403"),
    "supervision:rating":       ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:rating_form":  ("302 403 403 403 403 403 403 403 200", "302 403 403 403 403 403 403 403 409"),
    "supervision:practice":     ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:practice_of":  ("302 403 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:practice_pdf": ("302 403 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:agenda":       ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:order":        ("302 405 405 405 405 405 405 405 405", "302 403 404 404 404 404 404 403 404"),
    "supervision:course":       ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:propose":      ("302 404 404 404 200 200 404 403 403", "302 404 404 404 302 302 404 403 403"),
    "supervision:item":         ("302 404 404 404 200 200 404 403 403", "302 404 404 404 409 409 404 403 403"),
    "supervision:action":       ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    # A meeting of the supervisor's with the therapist; a case of it is its supervisor's alone until it is signed.
    "supervision:meetings":     ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:meeting_new":  ("302 403 403 403 403 200 200 403 403", "302 403 403 403 403 200 200 403 403"),
    "supervision:meeting":      ("302 404 404 404 200 200 404 404 200", "302 404 404 404 403 422 404 404 403"),
    "supervision:meeting_edit": ("302 404 404 404 403 200 404 404 403", "302 404 404 404 403 200 404 404 403"),
    "supervision:meeting_sign": ("302 404 404 404 403 200 404 404 403", "302 404 404 404 403 302 404 404 403"),
    "supervision:case":         ("302 404 404 404 404 200 404 404 404", "302 404 404 404 404 302 404 404 404"),
    "supervision:case_draft":   ("302 405 405 405 405 405 405 405 405", "302 404 404 404 404 200 404 404 404"),
    "supervision:case_history": ("302 404 404 404 404 200 404 404 404", "302 404 404 404 404 200 404 404 404"),
    "supervision:record":       ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:record_sign":  ("302 404 404 404 302 403 404 403 403", "302 404 404 404 422 403 404 403 403"),
    "supervision:review":       ("302 403 403 403 403 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:figure":       ("302 403 403 403 403 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:flags":        ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:flag":         ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:service":      ("302 403 403 403 403 403 403 403 200", "302 405 405 405 405 405 405 405 405"),
    "supervision:consider":     ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "supervision:cosign":       ("302 403 403 403 403 200 200 403 200", "302 403 403 403 403 404 404 403 404"),
    "caseload:hand_over":       ("302 403 403 403 403 403 403 200 200", "302 403 403 403 403 403 403 200 200"),
    "caseload:attention":       ("302 403 200 200 200 200 200 403 200", "302 405 405 405 405 405 405 405 405"),
    "clients:register":         ("302 403 403 403 403 403 403 200 200", "302 403 403 403 403 403 403 200 200"),
    "clients:alike":            ("302 405 405 405 405 405 405 405 405", "302 403 200 200 200 200 200 200 200"),
    "clients:detail":           ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "clients:edit":             ("302 404 404 404 200 403 404 200 200", "302 404 404 404 200 403 404 200 200"),
    "clients:merge":            ("302 404 404 404 403 403 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "clients:merge_with":       ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "clients:part":             ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 302 302"),
    "courses:detail":           ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "referrals:new":            ("302 403 403 403 403 403 403 200 200", "302 403 403 403 403 403 403 200 200"),
    "referrals:detail":         ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "referrals:words":          ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:letter_new":     ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:letter":         ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "referrals:letter_withdraw": ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "courses:allocate":         ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "courses:transfer":         ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "courses:cover":            ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "courses:call_off":         ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 409 409"),
    "courses:focus":            ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "courses:formulation":      ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "courses:formulation_edit": ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "courses:contract":         ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "courses:contract_edit":    ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "courses:tasks":            ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 403 404 403 403"),
    "courses:programme":        ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "courses:move":             ("302 404 404 404 200 403 404 200 200", "302 404 404 404 200 403 404 200 200"),
    "courses:end":              ("302 404 404 404 200 403 404 403 200", "302 404 404 404 200 403 404 403 200"),
    "courses:ending":           ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "courses:ending_edit":      ("302 404 404 404 200 403 404 403 403", "302 404 404 404 409 403 404 403 403"),
    "courses:ending_version":   ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "courses:choose":           ("302 403 200 200 200 403 403 200 403", "302 405 405 405 405 405 405 405 405"),
    "referrals:wait":          ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "referrals:pause":         ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:resume":        ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:priority":      ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:attempt":       ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "sessions:walk_in":        ("302 404 404 404 200 403 404 403 403", "302 404 404 404 302 403 404 403 403"),
    "sessions:log":            ("302 404 404 404 200 403 404 403 403", "302 404 404 404 302 403 404 403 403"),
    "sessions:draft":           ("302 405 405 405 405 405 405 405 405", "302 404 404 404 200 403 404 403 403"),
    # The author's alone; who carries the course finds an empty one before they begin.
    "sessions:history":         ("302 404 404 404 200 404 404 404 404", "302 404 404 404 200 404 404 404 404"),
    "sessions:scores":         ("302 405 405 405 405 405 405 405 405", "302 404 404 404 200 403 404 403 403"),
    "sessions:contact":         ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "sessions:detail":          ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "sessions:share":           ("302 405 405 405 405 405 405 405 405", "302 404 404 404 302 403 404 403 403"),
    # A key without a row: who may write begins there. The lead writes no contact note.
    "sessions:contact_new":     ("302 404 404 404 302 403 404 403 403", "302 405 405 405 405 405 405 405 405"),
    "sessions:contact_note":    ("302 404 404 404 200 403 404 403 403", "302 404 404 404 302 403 404 403 403"),
    "sessions:contact_draft":   ("302 405 405 405 405 405 405 405 405", "302 404 404 404 200 403 404 403 403"),
    "sessions:contact_history": ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "sessions:contact_read":    ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    # To the therapist's signed note; what they have begun to add is theirs alone, and a lead begins an own one.
    "sessions:addendum_new":    ("302 404 404 404 302 403 404 403 302", "302 405 405 405 405 405 405 405 405"),
    "sessions:addendum":        ("302 404 404 404 200 404 404 403 404", "302 404 404 404 409 404 404 403 404"),
    "sessions:addendum_draft":  ("302 405 405 405 405 405 405 405 405", "302 404 404 404 409 404 404 403 404"),
    "sessions:addendum_history": ("302 404 404 404 200 404 404 403 404", "302 404 404 404 200 404 404 403 404"),
    # A key without a row, as for a contact note; what is signed is read by who reads the course.
    "sessions:letters":         ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "sessions:letter_new":      ("302 404 404 404 200 403 404 403 403", "302 405 405 405 405 405 405 405 405"),
    "sessions:letter":          ("302 404 404 404 200 403 404 403 403", "302 404 404 404 302 403 404 403 403"),
    "sessions:letter_draft":    ("302 405 405 405 405 405 405 405 405", "302 404 404 404 200 403 404 403 403"),
    "sessions:letter_history":  ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "sessions:letter_preview":  ("302 404 404 404 200 403 404 403 403", "302 405 405 405 405 405 405 405 405"),
    "sessions:letter_read":     ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "sessions:letter_pdf":      ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "sessions:letter_given":    ("302 404 404 404 302 403 404 403 403", "302 404 404 404 422 403 404 403 403"),
    "sessions:error":           ("302 404 404 404 200 403 404 403 200", "302 404 404 404 422 403 404 403 422"),
    "sessions:note_error":      ("302 404 404 404 200 403 404 403 200", "302 404 404 404 422 403 404 403 422"),
    "sessions:cosign":          ("302 405 405 405 405 405 405 405 405", "302 404 404 404 403 422 404 403 403"),
    # Sealed: its author carries it, the lead reads it, the supervisor knows of the session and not of the note.
    "sessions:carry":           ("302 404 404 404 200 403 404 403 403", "302 404 404 404 422 403 404 403 403"),
    "sessions:carry_note":      ("302 404 404 404 200 404 404 403 403", "302 404 404 404 422 404 404 403 403"),
    "sessions:book":            ("302 404 404 404 200 403 404 200 403", "302 404 404 404 200 403 404 200 403"),
    "sessions:move":            ("302 404 404 404 200 403 404 200 403", "302 404 404 404 200 403 404 200 403"),
    "sessions:cancel":          ("302 404 404 404 200 403 404 200 403", "302 404 404 404 200 403 404 200 403"),
    "sessions:attendance":      ("302 404 404 404 403 403 404 200 403", "302 404 404 404 403 403 404 200 403"),
    "outcomes:alert_new":       ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "outcomes:alert":           ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "outcomes:signal":          ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "outcomes:plan":            ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:plan_edit":       ("302 404 404 404 200 403 404 403 403", "302 404 404 404 409 403 404 403 403"),
    "outcomes:plan_version":    ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:plan_print":      ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:plan_copy":       ("302 404 404 404 302 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "outcomes:measures":        ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:measure_new":     ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "outcomes:response":        ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:response_error":  ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "outcomes:links":           ("302 404 404 404 200 200 404 200 200", "302 405 405 405 405 405 405 405 405"),
    "outcomes:link_new":        ("302 404 404 404 200 403 404 200 403", "302 404 404 404 422 403 404 422 403"),
    "outcomes:link_withdraw":   ("302 405 405 405 405 405 405 405 405", "302 404 404 404 302 403 404 302 403"),
    "sessions:received":        ("302 404 404 404 200 403 404 403 403", "302 405 405 405 405 405 405 405 405"),
    "record:print":             ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "record:timeline":          ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "record:work":              ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "record:timeline_new":      ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "record:timeline_entry":    ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 403 404 403 403"),
    "outcomes:goals":           ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 403 404 403 403"),
    "interpersonal:people":      ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "interpersonal:person_new":  ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "interpersonal:person":      ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "interpersonal:place":       ("302 405 405 405 405 405 405 405 405", "302 404 404 404 302 403 404 403 403"),
    "interpersonal:take_off":    ("302 404 404 404 200 403 404 403 403", "302 404 404 404 302 403 404 403 403"),
    # A supervisor and the lead say first why they read it; a screener does not: tests/db/interpersonal.
    "interpersonal:concern":     ("302 404 404 404 200 200 404 403 200", "302 404 404 404 200 200 404 403 200"),
    "interpersonal:picture_new": ("302 404 404 404 200 403 404 403 403", "302 404 404 404 200 403 404 403 403"),
    "interpersonal:picture":     ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    "interpersonal:compare":     ("302 404 404 404 200 200 404 403 200", "302 405 405 405 405 405 405 405 405"),
    # Whoever holds the screening besides: tests/db/referrals/test_a_screener.py.
    "referrals:screen":         ("302 404 404 404 403 403 404 403 200", "302 404 404 404 403 403 404 403 200"),
    "referrals:give":           ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:outcome_letter_new": ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "referrals:outcome_letter": ("302 404 404 404 403 403 404 200 200", "302 404 404 404 403 403 404 200 200"),
    "measures:wording":         ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:people":             ("302 403 403 403 403 403 403 200 403", "302 405 405 405 405 405 405 405 405"),
    "staff:add":                ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:edit":               ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:invite":             ("302 405 405 405 405 405 405 405 405", "302 403 403 403 403 403 403 302 403"),
    "staff:sign_in":            ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 302 403"),
    "staff:hours":              ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 302 403"),
    "staff:leave":              ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:leave_remove":       ("302 405 405 405 405 405 405 405 405", "302 403 403 403 403 403 403 302 403"),
    "staff:lines":              ("302 403 403 403 403 403 403 200 403", "302 405 405 405 405 405 405 405 405"),
    "staff:line_add":           ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:line":               ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 409 403"),
    "staff:line_end":           ("302 405 405 405 405 405 405 405 405", "302 403 403 403 403 403 403 200 403"),
    "staff:rooms":              ("302 403 403 403 403 403 403 200 403", "302 405 405 405 405 405 405 405 405"),
    "staff:room_add":           ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:room_edit":          ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:holidays":           ("302 403 403 403 403 403 403 200 403", "302 403 403 403 403 403 403 200 403"),
    "staff:holidays_propose":   ("302 405 405 405 405 405 405 405 405", "302 403 403 403 403 403 403 302 403"),
    "staff:holiday_remove":     ("302 405 405 405 405 405 405 405 405", "302 403 403 403 403 403 403 302 403"),
    "again":                    ("200 200 200 200 200 200 200 200 200", "405 405 405 405 405 405 405 405 405"),
    # A client's own pages. Who works here has no part in them, signed in or not: without a link's cookie each says that it has
    # ended. The address with the token sends everybody on.
    "by_link:open":             ("302 302 302 302 302 302 302 302 302", "405 405 405 405 405 405 405 405 405"),
    "by_link:start":            ("410 410 410 410 410 410 410 410 410", "410 410 410 410 410 410 410 410 410"),
    "by_link:question":         ("410 410 410 410 410 410 410 410 410", "410 410 410 410 410 410 410 410 410"),
    "by_link:help":             ("410 410 410 410 410 410 410 410 410", "405 405 405 405 405 405 405 405 405"),
    "by_link:review":           ("410 410 410 410 410 410 410 410 410", "410 410 410 410 410 410 410 410 410"),
    "by_link:finished":         ("410 410 410 410 410 410 410 410 410", "405 405 405 405 405 405 405 405 405"),
    "by_link:ended":            ("410 410 410 410 410 410 410 410 410", "405 405 405 405 405 405 405 405 405"),
    "staff:settings":           ("302 403 403 403 403 403 403 200 200", "302 403 403 403 403 403 403 200 200"),
    # The clinic's public pages: the same for everybody, whoever works in the same browser.
    "refer:start":              ("200 200 200 200 200 200 200 200 200", "405 405 405 405 405 405 405 405 405"),
    "refer:form":               ("200 200 200 200 200 200 200 200 200", "200 200 200 200 200 200 200 200 200"),
    "refer:received":           ("200 200 200 200 200 200 200 200 200", "405 405 405 405 405 405 405 405 405"),
    "refer:received_help":      ("200 200 200 200 200 200 200 200 200", "405 405 405 405 405 405 405 405 405"),
}  # fmt: skip

# allauth's own pages are about the person who asks and nobody else; tests/db/staff asks what they do.
OF_ONESELF = (
    "account_",
    "mfa_",
    "usersessions_",
)


def addresses(resolver: URLResolver, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}:{pattern.name}" if namespace else str(pattern.name))
    return found


class World:
    """The cast, a course with everything that an address may name, and a signed-in browser for each person."""

    def __init__(self) -> None:
        now = timezone.now()
        cast = self.cast = Cast()
        fred = people.person("Fred Former", "therapist")
        course = cast.course
        course.status, course.started_on = "in_treatment", timezone.localdate() - timedelta(days=30)
        course.save()
        yesterday = now - timedelta(days=1)
        course.allocations.update(therapist=fred, ends_at=yesterday)
        course.allocations.create(therapist=cast.tara, by=fred, starts_at=yesterday)
        signed = people.held_session(course, cast.tara, now - timedelta(days=8), 1)
        response = people.answered(signed, "phq9", [1] * 9)
        people.note_of(signed)
        alert = Alert.objects.create(course=course, response=response, item=9, value=1)
        SafetyPlan.objects.create(course=course, number=1, coping="A walk.", written_by=cast.tara)
        EndingPlan.objects.create(course=course, number=1, feelings="Sad.", written_by=cast.tara)
        missed = people.session_of(
            course,
            cast.tara,
            now - timedelta(days=4),
            attendance="3",
            attendance_by=cast.ada,
            attendance_at=now,
        )
        ContactDue.objects.create(session=missed, course=course, for_person=cast.tara, raised_by=cast.ada)
        to_log = people.session_of(course, cast.tara, now - timedelta(hours=2))
        ahead = people.session_of(course, cast.tara, now + timedelta(days=3))
        contact = people.contact_note_of(course, cast.tara, needs_cosign=True)
        item = people.on_the_agenda(course, cast.tara, "Is grief still the focus?")
        action = people.action_of(course, cast.tara, cast.sunil)
        meeting = people.meeting_of(cast.sunil, cast.tara)
        case = people.case_at(meeting, course, cast.tara)
        minutes = people.supervision_record_of(course, cast.sunil, cast.tara)
        added = people.addendum_to(people.contact_note_of(course, cast.tara), signed=False)
        sent = people.letter_to_client(course, cast.tara)
        misplaced = people.held_session(
            course, cast.tara, now - timedelta(days=11), None, entered_in_error_at=now
        )
        misplaced_contact = people.contact_note_of(course, cast.tara)
        people.struck_out(people.note_of(misplaced), cast.tara, kind="wrong_client")
        people.struck_out(misplaced_contact, cast.tara, kind="wrong_client")
        link, token = people.link_for(course, cast.tara)
        people.referral_of(course, cast.ada)
        letter = people.letter_of(course, cast.ada)
        told = OutcomeLetter.objects.create(
            course=course, kind="accepted", body="Dear Maya", made_by=cast.ada
        )
        tom = people.person_of(course, cast.tara, x=20.0, y=-10.0)
        kept = people.picture_of(course, cast.tara)
        room = people.room()
        Holiday.objects.create(day=date(2026, 12, 25), name="Christmas Day")
        leave = cast.olga.leave.create(
            starts_on=timezone.localdate(), ends_on=timezone.localdate(), cover=cast.tara
        )
        self.arguments: dict[str, dict[str, Any]] = {
            "caseload:attention": {"slug": "draft"},
            "caseload:hand_over": {"person_id": cast.tara.pk},
            "caseload:duty": {"slug": "unbooked"},
            "supervision:figure": {"slug": "phq9"},
            "supervision:flag": {"slug": "new"},
            "supervision:consider": {
                "course_id": course.pk,
                "slug": "new",
                "subject": course.allocations.get(therapist=cast.tara).pk,
            },
            "clients:detail": {"client_id": cast.maya.pk},
            "clients:edit": {"client_id": cast.maya.pk},
            "referrals:outcome_letter": {"course_id": course.pk, "letter_id": told.pk},
            "referrals:letter": {"course_id": course.pk, "letter_id": letter.pk},
            "referrals:letter_withdraw": {"course_id": course.pk, "letter_id": letter.pk},
            "clients:merge": {"client_id": cast.maya.pk},
            "clients:merge_with": {"client_id": cast.maya.pk, "other_id": cast.owen.pk},
            "clients:part": {
                "client_id": cast.maya.pk,
                "merge_id": people.merged_with(cast.maya, cast.ada).pk,
            },
            "courses:choose": {"purpose": "book"},
            "courses:ending_version": {"course_id": course.pk, "number": 1},
            "outcomes:alert_new": {"course_id": course.pk},
            "outcomes:alert": {"course_id": course.pk, "alert_id": alert.pk},
            "outcomes:signal": {"course_id": course.pk, "signal_id": people.signal_of(response).pk},
            "outcomes:measures": {"course_id": course.pk},
            "outcomes:measure_new": {"course_id": course.pk},
            "outcomes:response": {"course_id": course.pk, "response_id": response.pk},
            "outcomes:response_error": {"course_id": course.pk, "response_id": response.pk},
            "outcomes:links": {"course_id": course.pk},
            "outcomes:link_new": {"course_id": course.pk},
            "outcomes:link_withdraw": {"course_id": course.pk, "link_id": link.pk},
            "outcomes:goals": {"course_id": course.pk},
            "record:print": {"course_id": course.pk},
            "record:timeline": {"course_id": course.pk},
            "record:work": {"course_id": course.pk},
            "supervision:course": {"course_id": course.pk},
            "supervision:propose": {"course_id": course.pk},
            "supervision:item": {"course_id": course.pk, "item_id": item.pk},
            "supervision:action": {"course_id": course.pk, "action_id": action.pk},
            **{
                f"supervision:{name}": {"meeting_id": meeting.pk}
                for name in ("meeting", "meeting_edit", "meeting_sign")
            },
            **{
                f"supervision:{name}": {"meeting_id": meeting.pk, "case_id": case.pk}
                for name in ("case", "case_draft", "case_history")
            },
            "supervision:record": {"course_id": course.pk, "note_id": minutes.pk},
            "supervision:record_sign": {"course_id": course.pk, "note_id": minutes.pk},
            "record:timeline_new": {"course_id": course.pk},
            "record:timeline_entry": {
                "course_id": course.pk,
                "entry_id": people.event_of(course, cast.tara).pk,
            },
            "interpersonal:people": {"course_id": course.pk},
            "interpersonal:person_new": {"course_id": course.pk},
            "interpersonal:person": {"course_id": course.pk, "person_id": tom.pk},
            "interpersonal:place": {"course_id": course.pk, "person_id": tom.pk},
            "interpersonal:take_off": {"course_id": course.pk, "person_id": tom.pk},
            "interpersonal:concern": {"course_id": course.pk, "person_id": tom.pk},
            "interpersonal:picture_new": {"course_id": course.pk},
            "interpersonal:picture": {"course_id": course.pk, "picture_id": kept.pk},
            "interpersonal:compare": {"course_id": course.pk},
            "measures:wording": {"code": "wsas"},
            "supervision:recordings": {"course_id": course.pk},
            "supervision:recording_new": {"course_id": course.pk},
            "supervision:recording": {
                "course_id": course.pk,
                "recording_id": people.recording_of(signed).pk,
            },
            "supervision:rate": {"course_id": course.pk, "session_id": signed.pk},
            "supervision:rating": {
                "course_id": course.pk,
                "rating_id": people.rating_of(signed, cast.dana).pk,
            },
            "supervision:practice_of": {"person_id": cast.tara.pk},
            "supervision:practice_pdf": {"person_id": cast.tara.pk},
            "outcomes:plan": {"course_id": course.pk},
            "outcomes:plan_edit": {"course_id": course.pk},
            "outcomes:plan_version": {"course_id": course.pk, "number": 1},
            "outcomes:plan_print": {"course_id": course.pk},
            "outcomes:plan_copy": {"course_id": course.pk},
            "sessions:contact_new": {"course_id": course.pk},
            "sessions:contact_note": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:contact_draft": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:contact_history": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:contact_read": {"course_id": course.pk, "note_id": contact.pk},
            "sessions:addendum_new": {"course_id": course.pk, "note_id": contact.pk},
            "sessions:addendum": {"course_id": course.pk, "note_id": added.pk},
            "sessions:addendum_draft": {"course_id": course.pk, "note_id": added.pk},
            "sessions:addendum_history": {"course_id": course.pk, "note_id": added.pk},
            "sessions:note_error": {"course_id": course.pk, "note_id": contact.pk},
            "sessions:letters": {"course_id": course.pk},
            "sessions:letter_new": {"course_id": course.pk},
            "sessions:letter": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:letter_draft": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:letter_history": {"course_id": course.pk, "note_id": uuid4()},
            "sessions:letter_preview": {
                "course_id": course.pk,
                "note_id": people.letter_to_client(course, cast.tara, signed=False).pk,
            },
            "sessions:letter_read": {"course_id": course.pk, "note_id": sent.pk},
            "sessions:letter_pdf": {"course_id": course.pk, "note_id": sent.pk},
            "sessions:letter_given": {"course_id": course.pk, "note_id": sent.pk},
            "sessions:cosign": {"course_id": course.pk, "note_id": contact.pk},
            "sessions:carry_note": {"course_id": course.pk, "note_id": misplaced_contact.pk},
            "by_link:open": {"token": token},
            "by_link:question": {"number": 1},
            "by_link:help": {"number": 9},
            "staff:edit": {"person_id": cast.olga.pk},
            "staff:invite": {"person_id": cast.olga.pk},
            "staff:sign_in": {"person_id": cast.olga.pk},
            "staff:hours": {"person_id": cast.olga.pk},
            "staff:leave": {"person_id": cast.olga.pk},
            "staff:leave_remove": {"person_id": cast.olga.pk, "leave_id": leave.pk},
            "staff:line": {"line_id": cast.line.pk},
            "staff:line_end": {"line_id": cast.line.pk},
            "staff:room_edit": {"room_id": room.pk},
            "staff:holiday_remove": {"year": 2026, "month": 12, "day": 25},
        }
        for name in EXPECTED:
            if name.startswith(("courses:", "referrals:")) and name not in (*self.arguments, "referrals:new"):
                self.arguments[name] = {"course_id": course.pk}
            if name in self.arguments:
                continue
            if name.startswith("sessions:") and name not in ("sessions:book", "sessions:walk_in"):
                session = {
                    "sessions:contact": missed,
                    "sessions:detail": signed,
                    "sessions:share": signed,
                    "sessions:error": signed,
                    "sessions:carry": misplaced,
                    "sessions:move": ahead,
                    "sessions:cancel": ahead,
                }.get(name, to_log)
                self.arguments[name] = {"course_id": course.pk, "session_id": session.pk}
            elif name.startswith("sessions:"):
                self.arguments[name] = {"course_id": course.pk}
        self.browsers = {"anonymous": Browser()}
        for role, person in (
            ("nobody", cast.nadia),
            ("stranger", cast.olga),
            ("former", fred),
            ("therapist", cast.tara),
            ("supervisor", cast.sunil),
            ("deputy", cast.dana),
            ("administrator", cast.ada),
            ("lead", cast.lena),
        ):
            self.browsers[role] = Browser()
            self.browsers[role].force_login(person)

    def answers(self, name: str, method: str) -> str:
        address = reverse(name, kwargs=self.arguments.get(name, {}))
        statuses = []
        for role in PEOPLE:
            with transaction.atomic():
                statuses.append(str(getattr(self.browsers[role], method)(address).status_code))
                transaction.set_rollback(True)
        return " ".join(statuses)


@pytest.fixture
def world(db: None) -> World:
    with as_owner():
        return World()


@pytest.mark.parametrize("method", ["get", "post"])
def test_each_person_gets_what_is_written_here(world: World, method: str) -> None:
    answered = {name: world.answers(name, method) for name in EXPECTED}
    wrong = {
        name: f"{statuses} instead of {EXPECTED[name][method == 'post']}"
        for name, statuses in answered.items()
        if statuses != EXPECTED[name][method == "post"]
    }
    assert wrong == {}


def test_every_address_is_in_the_matrix() -> None:
    ours = {
        name
        for name in addresses(get_resolver())
        if not name.startswith(OF_ONESELF) and not name.startswith("admin:")
    }
    assert ours == set(EXPECTED)


def test_the_reference_site_is_for_superusers_alone(world: World) -> None:
    for name in sorted(name for name in addresses(get_resolver()) if name.startswith("admin:staff_")):
        needs_key = name.endswith(("_history", "_delete", "_change"))
        address = reverse(name, args=[uuid4()] if needs_key else [])
        for role in PEOPLE:
            answer = world.browsers[role].get(address)
            assert answer.status_code in (302, 403), f"{role} got {answer.status_code} from {name}"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_address_takes_another_method(world: World, method: str) -> None:
    for name in EXPECTED:
        address = reverse(name, kwargs=world.arguments.get(name, {}))
        with transaction.atomic():
            assert getattr(world.browsers["therapist"], method)(address).status_code in (403, 404, 405), name
            transaction.set_rollback(True)
