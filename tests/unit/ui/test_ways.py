"""The chips of a course: the page that is open is marked, what is not built is left out, the content only to who reads it."""

from uuid import UUID

from ui.ways import COURSE_WAYS, ways_of

COURSE = UUID(int=5)


def test_who_does_not_read_the_content_is_led_to_the_diary_alone() -> None:
    labels = [way["label"] for way in ways_of(COURSE, here="progress", reads=False)]
    assert labels[:2] == ["Progress", "Sessions"]
    assert not {"Goals", "Relationships", "Formulation and goals", "Tasks"} & set(labels)


def test_the_page_that_is_open_is_marked_and_counted() -> None:
    chips = ways_of(COURSE, here="sessions", reads=True, counts={"sessions": 6})
    assert [chip["label"] for chip in chips if chip["is_here"]] == ["Sessions"]
    assert [chip["count"] for chip in chips if chip["label"] == "Sessions"] == [6]
    assert all(str(chip["href"]).startswith(f"/courses/{COURSE}/") for chip in chips)


def test_each_page_has_a_code_of_its_own() -> None:
    assert len({way.code for way in COURSE_WAYS}) == len(COURSE_WAYS)
