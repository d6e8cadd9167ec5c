"""A view reaches client data through `visible_to` and in no other way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Models of these rooms hold no client's data.
NOT_OF_CLIENTS = {
    "User",
    "Room",
    "Holiday",
    "Clinic",
    "Leave",
    "WorkingHours",
    "SupervisionLine",
    "UserSession",
}
ROOMS = (
    "caseload",
    "clients",
    "courses",
    "outcomes",
    "people",
    "record",
    "interpersonal",
    "referrals",
    "sessions",
    "supervision",
)
VIEWS = sorted(path for room in ROOMS for path in (ROOT / room).glob("*views*.py"))


def unguarded(source: str) -> list[str]:
    """Each `Model.objects` whose next call is not `visible_to` or `content_visible_to`."""
    tree = ast.parse(source)
    guarded = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("visible_to", "content_visible_to")
    }
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_base_manager", "_default_manager")
        and id(node) not in guarded
        and not (isinstance(node.value, ast.Name) and node.value.id in NOT_OF_CLIENTS)
    ]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_view_asks_visible_to(path: Path) -> None:
    assert unguarded(path.read_text(encoding="utf-8")) == []


def test_the_check_itself_notices_a_forgotten_filter() -> None:
    assert unguarded("Course.objects.get(pk=1)") == ["line 1: Course.objects"]
    assert unguarded("Course.objects.visible_to(user).get(pk=1)") == []


def test_there_are_views_to_look_at() -> None:
    assert len(VIEWS) >= 5


def test_no_sql_is_put_together_from_values() -> None:
    """Raw SQL takes parameters; a statement that is built with f-strings, % or + could be made to say anything."""
    found = []
    for path in sorted(ROOT.glob("*/*.py")):
        if path.parent.name in ("tests", "demo", "bench", "database"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("execute", "raw", "extra", "RawSQL")
                and node.args
                and not isinstance(node.args[0], ast.Constant)
            ):
                found.append(f"{path.parent.name}/{path.name}:{node.lineno}")
    assert found == []
