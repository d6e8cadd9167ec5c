"""docs/reference/access.md, laid out from the matrix that the tests hold: `python -m tests.access_page` prints it."""

import ast
from pathlib import Path

MATRIX = Path(__file__).parent / "db" / "test_access_matrix.py"
WORDS = {
    "200": "yes",
    "302": "yes, then on",
    "400": "no such form",
    "403": "refused",
    "404": "not found",
    "405": "–",
    "409": "yes",
    "410": "ended",
    "422": "yes",
}


def matrix() -> tuple[tuple[str, ...], dict[str, tuple[str, str]]]:
    """PEOPLE and EXPECTED as they stand in the test, read without running it."""
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(MATRIX.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("PEOPLE", "EXPECTED")
    }
    return values["PEOPLE"], values["EXPECTED"]


def page() -> str:
    people, expected = matrix()
    shown = [role for role in people if role != "anonymous"]
    lines = [
        "# Who gets what",
        "",
        "Printed by `python -m tests.access_page` from the matrix that the tests hold; do not edit by hand.",
        "Whoever is not signed in is sent to the sign-in page by every address but a client's own (`by_link`) and the public",
        "pages (`refer`), where signing in changes nothing: *ended* is the answer without a link's cookie. *Not found* is the",
        "answer that an address which never existed gives. *Stranger* treats other clients; *former* carried the course until",
        "yesterday; the *deputy*",
        "stands in for a supervisor who is not away today. A person with several roles has the sum.",
        "",
    ]
    for method, place in (("Read", 0), ("Act", 1)):
        lines += [f"## {method}", "", f"| address | {' | '.join(shown)} |", f"|---|{'---|' * len(shown)}"]
        for name, answers in expected.items():
            codes = dict(zip(people, answers[place].split(), strict=True))
            if {codes[role] for role in shown} == {"405"}:
                continue
            lines.append(f"| `{name}` | {' | '.join(WORDS[codes[role]] for role in shown)} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(page(), end="")
