"""Letters to the client and the GP: composed from the record, signed, printed, given out; nobody is named without a tick."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.acting import act_as
from audit.models import Event
from clients.models import Client
from courses.models import EndingPlan, Formulation
from interpersonal.models import Person
from sessions import letter_actions, note_actions, signing
from sessions.life import State
from sessions.models import DraftVersion, LetterGiven, Note
from staff.models import Clinic
from tests import cast as people
from tests.cast import Cast, agreed_focus, answered, held_session
from tests.db.caseload.reading import spread
from tests.db.sessions.written import as_trainee
from tests.roles import as_owner


def address(cast: Cast, key: UUID, name: str = "letter") -> str:
    return reverse(f"sessions:{name}", args=[cast.course.pk, key])


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "based_on": "0",
        "about": "ending",
        "to": "client",
        "address": "Maya Fielding\n4 Mill Lane",
        "greeting": "Dear Maya,",
        "use_changed": "1",
        "part_changed": "Evenings are calm.\nYou say what you need.",
        "part_signs": "Not ticked, and kept.",
        **changes,
    }


def typed(**changes: Any) -> dict[str, Any]:
    form = filled(**changes)
    return {"based_on": int(form.pop("based_on")), "words": {}, "form": form}


def signed(cast: Cast, **changes: Any) -> Note:
    act_as(cast.tara.pk)
    return letter_actions.sign_letter(note_id=uuid4(), course=cast.course, by=cast.tara, **typed(**changes))


def named(cast: Cast, name: str = "Tom", relationship: str = "partner", **fields: Any) -> Person:
    with as_owner():
        return Person.objects.create(
            course=cast.course, name=name, relationship=relationship, added_by=cast.tara, **fields
        )


def words_of(content: bytes) -> tuple[list[str], PdfReader]:
    reader = PdfReader(BytesIO(content))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages], reader


def pdf(browser: Browser, cast: Cast, note: Note, query: str = "") -> Any:
    answer = browser.get(address(cast, note.pk, "letter_pdf") + query)
    assert answer.status_code == 200
    return answer


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def page_of(browser: Browser, where: str) -> str:
    answer = browser.get(where, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_a_letter_begins_with_what_the_record_says_and_with_nobodys_name(cast: Cast, tara: Browser) -> None:
    course = cast.course
    named(cast)
    with as_owner():
        agreed_focus(course, "conflict", cast.tara, about="with Tom (partner)")
        Formulation.objects.create(
            course=course, number=1, text="I go quiet when Tom shouts.", written_by=cast.tara
        )
        EndingPlan.objects.create(
            course=course,
            number=1,
            what_changed="Tom listens now.",
            how_to_return="Ring us.",
            written_by=cast.tara,
        )
        for n, total in ((1, 20), (2, 8)):
            session = held_session(course, cast.tara, timezone.now() - timedelta(days=21 - 7 * n), n)
            answered(session, "phq9", spread(total))
    new = reverse("sessions:letter_new", args=[course.pk])
    form = tara.get(f"{new}?about=ending&to=client", follow=True).context["form"]
    assert form["greeting"].value() == "Dear May"
    assert form["address"].value() == "Maya Fielding"
    assert form["part_changed"].value() == "Your partner listens now."
    assert "In your own words: “I go quiet when my partner shouts.”" in form["part_focus"].value()
    assert "20 of 27 at the beginning (severe) and to 8 at the end (mild)" in form["part_symptoms"].value()
    assert form["use_changed"].value() is True
    assert form["use_supports"].value() is False
    whole = " ".join(str(form[name].value()) for name in form.fields)
    assert "Tom" not in whole
    with as_owner():
        assert not Note.objects.exists()


def test_who_is_not_safe_to_write_home_gets_no_address(cast: Cast, tara: Browser) -> None:
    new = reverse("sessions:letter_new", args=[cast.course.pk])
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(
            address="4 Mill Lane", postcode="LS1 1AA", may_write_home=False
        )
    answer = tara.get(f"{new}?about=ending&to=client", follow=True)
    assert answer.context["form"]["address"].value() == "Maya Fielding"
    assert "not safe to write to" in answer.content.decode()
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(may_write_home=True)
    form = tara.get(f"{new}?about=ending&to=client", follow=True).context["form"]
    assert form["address"].value() == "Maya Fielding\n4 Mill Lane\nLS1 1AA"


def test_the_letter_to_the_gp_goes_to_the_gp_of_the_record(cast: Cast, tara: Browser) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(gp_name="Dr Hill", gp_practice="The Grove Surgery")
    new = reverse("sessions:letter_new", args=[cast.course.pk])
    form = tara.get(f"{new}?about=assessment&to=gp", follow=True).context["form"]
    assert form["address"].value() == "Dr Hill\nThe Grove Surgery"
    assert form["greeting"].value() == "Dear Dr Hill"


def test_a_new_letter_is_begun_from_an_old_one(cast: Cast, tara: Browser) -> None:
    old = signed(cast)
    query = f"?about=ending&to=client&old={old.pk}"
    form = tara.get(reverse("sessions:letter_new", args=[cast.course.pk]) + query, follow=True).context[
        "form"
    ]
    assert form["part_changed"].value() == "Evenings are calm.\nYou say what you need."
    assert form["use_changed"].value() is True
    assert form["use_signs"].value() is False


# --- Keeping ----------------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_as_it_was_left_also_what_is_not_ticked(cast: Cast, tara: Browser) -> None:
    key = uuid4()
    assert tara.post(address(cast, key, "letter_draft"), filled()).status_code == 200
    form = tara.get(address(cast, key)).context["form"]
    assert form["part_signs"].value() == "Not ticked, and kept."
    assert bool(form["use_changed"].value()) is True
    assert bool(form["use_signs"].value()) is False
    with as_owner():
        note = Note.objects.get()
        assert (note.kind, note.letter, note.work, note.signed_at) == ("letter", {}, "", None)
        assert DraftVersion.objects.filter(note=note).count() == 1


def test_two_windows_are_shown_side_by_side_and_nothing_is_lost(cast: Cast, tara: Browser) -> None:
    key = uuid4()
    tara.post(address(cast, key, "letter_draft"), filled())
    tara.post(address(cast, key, "letter_draft"), filled(based_on="1", part_changed="The other window."))
    answer = tara.post(address(cast, key), filled(based_on="1", part_changed="This window.", act="draft"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "What has changed" in page
    with as_owner():
        kept = set(DraftVersion.objects.values_list("parts__part_changed", flat=True))
    assert {"The other window.", "This window."} <= kept


def test_earlier_versions_are_listed_and_brought_back(cast: Cast, tara: Browser) -> None:
    key = uuid4()
    tara.post(address(cast, key, "letter_draft"), filled())
    tara.post(address(cast, key, "letter_draft"), filled(based_on="1", part_changed="Better words."))
    with as_owner():
        first = DraftVersion.objects.get(version=1)
    where = address(cast, key, "letter_history")
    assert "Evenings are calm." in page_of(tara, f"{where}?version={first.pk}")
    tara.post(where, {"version": str(first.pk), "based_on": "2"})
    assert tara.get(address(cast, key)).context["form"]["part_changed"].value().startswith("Evenings")


# --- Signing ----------------------------------------------------------------------------------------------------------


def test_signing_keeps_all_that_is_printed_for_ever(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    assert note.letter["parts"] == [
        ["changed", "What has changed", "Evenings are calm.\nYou say what you need."]
    ]
    assert note.work == "Dear Maya,\n\nWhat has changed\nEvenings are calm.\nYou say what you need."
    assert (note.form, note.letter["client"], note.letter["kept_names"]) == ({}, "Maya Fielding", [])
    assert signing.holds(Note.objects.get(pk=note.pk))
    before = pdf(tara, cast, note).content
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(last_name="Married", first_name="Else")
        Clinic.objects.update_or_create(pk=1, defaults={"name": "Another Clinic"})
    assert pdf(tara, cast, note).content == before


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"address": " \n "}, "address", "Write to whom the letter goes"),
        ({"greeting": ""}, "greeting", "Write how the letter begins"),
        (
            {"use_signs": "1", "part_signs": " "},
            "part_signs",
            "Early signs, and what to do: write it, or leave",
        ),
        ({"use_changed": ""}, "part_reason", "Choose at least one part"),
        ({"part_changed": "Calm 🦊 evenings"}, "part_changed", "cannot show 🦊"),
        ({"part_changed": "שלום"}, "part_changed", "cannot show"),
        ({"greeting": "Dear 中文"}, "greeting", "cannot show 中 文"),
        ({"to": "neighbour"}, "__all__", "Say what kind of letter"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    cast: Cast, changes: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        signed(cast, **changes)
    assert words in refusal.value.message_dict[field][0]
    assert not Note.objects.exists()


def test_polish_greek_and_cyrillic_are_written(cast: Cast, tara: Browser) -> None:
    note = signed(cast, part_changed="Łódź, Αθήνα, Київ, Zoë, “quoted” – and 5 €.")
    (page,), _ = words_of(pdf(tara, cast, note).content)
    assert "Łódź, Αθήνα, Київ, Zoë, “quoted” – and 5 €." in page


@pytest.mark.parametrize("name", ["Tom", "tom", "TOM"])
def test_a_name_of_the_inventory_stands_only_where_it_is_ticked(cast: Cast, tara: Browser, name: str) -> None:
    named(cast)
    key = uuid4()
    sent = filled(part_changed=f"Evenings with {name} are calm.", act="sign")
    answer = tara.post(address(cast, key), sent)
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert "The letter names Tom (partner). Take the name out, or tick that it is to stand." in page
    assert 'name="kept_names" value="Tom"' in page
    answer = tara.post(address(cast, key), {**sent, "based_on": "1", "kept_names": ["Tom"]})
    assert answer.status_code == 302
    with as_owner():
        assert Note.objects.get().letter["kept_names"] == ["Tom"]


def test_the_gp_and_part_of_a_word_are_no_third_party(cast: Cast) -> None:
    named(cast, "Dr Hill", "GP")
    named(cast, "Ann", "sister")
    assert signed(cast, part_changed="Dr Hill saw the annual plan.").is_signed


def test_who_was_taken_off_the_inventory_is_a_third_party_still(cast: Cast) -> None:
    named(cast, removed_at=timezone.now(), removed_by=cast.tara)
    with pytest.raises(ValidationError, match="names Tom"):
        signed(cast, part_changed="Tom listens.")


def test_a_signed_letter_never_changes(cast: Cast) -> None:
    note = signed(cast)
    for change in ({"letter": {}}, {"work": "x"}, {"letter": {**note.letter, "greeting": "Hi"}}):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(**change)


def test_a_letter_that_was_tampered_with_no_longer_holds(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE therapy_sessions_note DISABLE TRIGGER USER")
        Note.objects.filter(pk=note.pk).update(letter={**note.letter, "greeting": "Dear Nobody"})
        cursor.execute("ALTER TABLE therapy_sessions_note ENABLE TRIGGER USER")
    assert not signing.holds(Note.objects.get(pk=note.pk))
    assert "What stands here is not what was signed" in page_of(tara, address(cast, note.pk, "letter_read"))


def test_the_database_keeps_letters_whole(cast: Cast) -> None:
    with as_owner():
        with pytest.raises(IntegrityError, match="signed_letter_is_whole"), transaction.atomic():
            people.letter_to_client(cast.course, cast.tara, letter={})
        with pytest.raises(IntegrityError, match="signed_letter_is_whole"), transaction.atomic():
            people.contact_note_of(cast.course, cast.tara, letter=people.PRINTED)
        with pytest.raises(IntegrityError, match="note_is_of_its_kind"), transaction.atomic():
            people.letter_to_client(cast.course, cast.tara, happened_at=timezone.now())


# --- Printed ----------------------------------------------------------------------------------------------------------


def test_the_printed_letter_has_letterhead_name_birth_pages_and_signature(cast: Cast, tara: Browser) -> None:
    with as_owner():
        Clinic.objects.update_or_create(
            pk=1,
            defaults={
                "name": "Leeds IPT",
                "letterhead_address": "4 Park Square\nLeeds LS1 2NE",
                "letterhead_phone": "0113 496 0000",
                "letter_footer": "Registered charity 000",
            },
        )
    note = signed(cast, part_changed="A calm evening is a good evening. " * 200)
    answer = pdf(tara, cast, note)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename=")
    assert "no-store" in answer["Cache-Control"]
    pages, reader = words_of(answer.content)
    assert len(pages) == 2
    for words in ("Leeds IPT", "4 Park Square", "0113 496 0000", "Maya Fielding 4 Mill Lane", "Dear Maya,"):
        assert words in pages[0]
    assert "Maya Fielding, born 17 May 1990" in pages[0]
    assert "Page 1 of 2" in pages[0]
    assert "Page 2 of 2" in pages[1]
    assert f"Signed by {cast.tara.full_name} on " in pages[1]
    assert "Registered charity 000" in pages[1]
    assert not any("Draft" in page for page in pages)
    assert reader.metadata is not None
    assert reader.metadata.title == "Ending letter: Maya Fielding"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert pdf(tara, cast, note, "?save")["Content-Disposition"].startswith("attachment; ")


def test_a_draft_says_so_across_each_page_and_is_its_authors_alone(
    cast: Cast, tara: Browser, client: Browser
) -> None:
    key = uuid4()
    answer = tara.post(address(cast, key), filled(act="preview"))
    assert answer["Location"] == address(cast, key, "letter_preview")
    page = page_of(tara, answer["Location"])
    assert "Evenings are calm." in page
    assert "Not ticked" not in page
    with as_owner():
        note = Note.objects.get(pk=key)
    pages, _ = words_of(pdf(tara, cast, note).content)
    assert all("Draft, not signed" in words for words in pages)
    for person in (cast.sunil, cast.lena):
        client.force_login(person)
        assert client.get(address(cast, key, "letter_pdf")).status_code == 404
        assert client.get(address(cast, key, "letter_read")).status_code == 404


def test_a_trainees_letter_waits_for_the_supervisor_and_then_goes_out(cast: Cast, client: Browser) -> None:
    note = signed(as_trainee(cast))
    assert note_actions.state_of(note) == State.AWAITING_COSIGN
    client.force_login(cast.tara)
    (words,), _ = words_of(pdf(client, cast, note).content)
    assert "Waits for a co-signature" in words
    with pytest.raises(ValidationError, match="does not go out yet"):
        give(cast, note)
    client.force_login(cast.sunil)
    page = client.get(address(cast, note.pk, "letter_read")).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    answer = client.post(
        reverse("sessions:cosign", args=[cast.course.pk, note.pk]), {"decision": "cosigned", "seen": seen[1]}
    )
    assert answer["Location"] == address(cast, note.pk, "letter_read")
    client.force_login(cast.tara)
    (words,), _ = words_of(pdf(client, cast, note).content)
    assert "Waits for" not in words
    assert f"Co-signed by {cast.sunil.full_name} on " in words
    assert give(cast, note).to == "client"


def test_a_letter_is_entered_in_error_and_goes_out_no_more(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    note_actions.enter_note_in_error(note=note, kind="mistake", reason="Wrong words.", by=cast.tara)
    (words,), _ = words_of(pdf(tara, cast, note).content)
    assert "Entered in error" in words
    assert "Entered in error" in page_of(tara, address(cast, note.pk, "letter_read"))
    with pytest.raises(ValidationError):
        give(cast, note)


def test_an_addendum_is_written_to_a_letter_as_to_a_note(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    page = page_of(tara, reverse("sessions:addendum_new", args=[cast.course.pk, note.pk]))
    assert "the letter of" in page
    act_as(cast.tara.pk)
    note_actions.sign_addendum(
        note_id=uuid4(),
        original=note,
        by=cast.tara,
        based_on=0,
        words={"work": "A date was wrong."},
        form={"reason": "A slip."},
    )
    assert "A date was wrong." in page_of(tara, address(cast, note.pk, "letter_read"))


# --- Given out --------------------------------------------------------------------------------------------------------


def give(cast: Cast, note: Note, **changes: Any) -> LetterGiven:
    act_as(cast.tara.pk)
    said = {"to": "client", "how": "handed", "given_on": timezone.localdate(), **changes}
    return letter_actions.record_giving(note=note, by=cast.tara, **said)


def test_that_a_letter_was_given_is_recorded_and_shown(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    answer = tara.post(
        address(cast, note.pk, "letter_given"),
        {
            "to": "other",
            "to_name": "Health visitor",
            "how": "post",
            "given_on": f"{timezone.localdate():%Y-%m-%d}",
        },
    )
    assert answer.status_code == 302
    assert "Somebody else, Health visitor, by post" in page_of(tara, address(cast, note.pk, "letter_read"))
    assert "Health visitor" in page_of(tara, reverse("sessions:letters", args=[cast.course.pk]))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "cat"}, "to"),
        ({"to": "other"}, "to_name"),
        ({"how": "pigeon"}, "how"),
        ({"given_on": timezone.localdate() + timedelta(days=1)}, "given_on"),
        ({"given_on": timezone.localdate() - timedelta(days=1)}, "given_on"),
    ],
    ids=["to", "name", "how", "ahead", "before"],
)
def test_a_giving_that_cannot_be_is_refused(cast: Cast, changes: dict[str, Any], field: str) -> None:
    note = signed(cast)
    with pytest.raises(ValidationError) as refusal:
        give(cast, note, **changes)
    assert field in refusal.value.message_dict


def test_behind_the_second_wall_only_who_carries_the_course_says_so(cast: Cast) -> None:
    note = signed(cast)
    draft = letter_actions.save_letter(note_id=uuid4(), course=cast.course, by=cast.tara, **typed())

    def forge(by: Any, of: Note = note, course: Any = cast.course) -> None:
        with transaction.atomic():
            LetterGiven.objects.create(
                note=of, course=course, to="client", how="post", given_on=timezone.localdate(), by=by
            )

    for person in (cast.sunil, cast.lena, cast.olga, cast.ada):
        act_as(person.pk)
        with pytest.raises((ProgrammingError, IntegrityError)):
            forge(person)
    act_as(cast.tara.pk)
    with pytest.raises(ProgrammingError, match="row-level security"):
        forge(cast.sunil)
    with pytest.raises(ProgrammingError, match="row-level security"):
        forge(cast.tara, draft)
    with pytest.raises(IntegrityError, match="letter_given_to_somebody"), transaction.atomic():
        LetterGiven.objects.create(
            note=note, course=cast.course, to="other", how="post", given_on=timezone.localdate(), by=cast.tara
        )
    with pytest.raises(IntegrityError, match="letter_given_from_the_lists"), transaction.atomic():
        LetterGiven.objects.create(
            note=note, course=cast.course, to="cat", how="post", given_on=timezone.localdate(), by=cast.tara
        )
    give(cast, note)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LetterGiven.objects.update(to="gp")
    for person, rows in ((cast.sunil, 1), (cast.lena, 1), (cast.olga, 0), (cast.ada, 0)):
        act_as(person.pk)
        assert LetterGiven.objects.count() == rows


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_the_list_has_signed_letters_own_drafts_and_that_there_are_others(
    cast: Cast, tara: Browser, client: Browser
) -> None:
    where = reverse("sessions:letters", args=[cast.course.pk])
    assert "No letter yet." in page_of(tara, where)
    signed(cast, to="gp", greeting="Dear Dr Hill")
    letter_actions.save_letter(note_id=uuid4(), course=cast.course, by=cast.tara, **typed())
    page = page_of(tara, where)
    assert "Ending letter to the GP" in page
    assert "Ending letter to the client" in page
    assert "Your draft" in page
    client.force_login(cast.sunil)
    page = page_of(client, where)
    assert "Ending letter to the GP" in page
    assert "Ending letter to the client" not in page


def test_a_letter_stands_on_the_course_page(cast: Cast, tara: Browser) -> None:
    signed(cast)
    page = page_of(tara, reverse("courses:detail", args=[cast.course.pk]))
    assert "Ending letter to the client" in page


def test_forty_letters_cost_as_many_questions_as_one(cast: Cast, tara: Browser) -> None:
    where, counts = reverse("sessions:letters", args=[cast.course.pk]), []
    for count in (1, 39):
        with as_owner():
            for _ in range(count):
                people.letter_to_client(cast.course, cast.tara)
        tara.get(where)
        with CaptureQueriesContext(connection) as asked:
            tara.get(where)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_each_look_at_a_letter_and_its_pdf_is_on_the_trail(cast: Cast, tara: Browser) -> None:
    note = signed(cast)
    page_of(tara, address(cast, note.pk, "letter_read"))
    pdf(tara, cast, note)
    with as_owner():
        said = set(Event.objects.filter(client_id=cast.maya.pk).values_list("what", flat=True))
    assert {"Signed a letter", "Letter", "Letter as PDF"} <= said
