"""docs/reference/settings.md: every variable of the environment that the clinic reads. `python -m ipt_clinic.reference`
prints the page; a test compares it with the file and with the code."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WHAT = {
    "DEMO": "1: the invented clinic with its sign-ins, on loopback alone. 0: a real clinic.",
    "DEMO_PASSWORD": "Password of the invented clinic's people.",
    "DEBUG": "Django's debug pages. Never where a client's data is.",
    "SECRET_KEY": "Signs cookies and links and encrypts second factors. The demo makes one of its own.",
    "ALLOWED_HOSTS": "Names under which the clinic is reached, separated by commas.",
    "CSRF_TRUSTED_ORIGINS": "Origins such as https://clinic.example, where a proxy changes the host.",
    "HTTPS": "Cookies, redirects and HSTS for TLS. On unless DEMO=1.",
    "SITE_URL": "The clinic's address as people type it, for links in reminders. Empty: the first of ALLOWED_HOSTS.",
    "TRUSTED_PROXY_COUNT": "How many proxies of one's own write X-Forwarded-For before it. 0: that header is not believed.",
    "IPT_DB_ROLE": "Which address is used: app (the web), owner (migrate, demo), test.",
    "DATABASE_URL": "PostgreSQL as the app role. When set, no embedded server is touched.",
    "OWNER_DATABASE_URL": "PostgreSQL as the owner; read by migrate, demo and backup only, never by the web.",
    "TEST_DATABASE_URL": "PostgreSQL as the tests' login; script/test sets it.",
    "STATIC_ROOT": "Where collected styles and scripts lie.",
    "EMAIL_HOST": "Mail server. The demo prints mail on the terminal instead.",
    "EMAIL_PORT": "Its port.",
    "EMAIL_HOST_USER": "Its login, where it wants one.",
    "EMAIL_HOST_PASSWORD": "Its password.",
    "EMAIL_USE_TLS": "1: STARTTLS.",
    "DEFAULT_FROM_EMAIL": "From whom mail is sent.",
    "PORT": "script/server: the port. Default 8000.",
    "BIND": "script/server: the address to listen on. The demo refuses all but loopback. Default 127.0.0.1.",
    "WEB_WORKERS": "script/server: how many web processes. Default 2.",
    "IPT_DATA_DIR": "script/server: where the embedded PostgreSQL keeps its data. Default: a folder of this checkout's own.",
    "IPT_POSTGRES_BIN": "script/server, script/test: a folder of PostgreSQL programs to use.",
    "IPT_CHROMIUM": "script/test: the browser to drive.",
    "FIRST_ADMIN_NAME": "The first administrator of a real clinic, where no terminal can be asked.",
    "FIRST_ADMIN_EMAIL": "The same: email.",
    "FIRST_ADMIN_PASSWORD": "The same: password.",
}


def read_by_settings() -> dict[str, str]:
    """Name → default as written, of every `env.…("NAME", default)` in settings.py; no default is said as required."""
    tree = ast.parse((ROOT / "ipt_clinic/settings.py").read_text(encoding="utf-8"))
    found: dict[str, str] = {"DATABASE_URL": "required", "OWNER_DATABASE_URL": "", "TEST_DATABASE_URL": ""}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            default = (
                node.args[1] if len(node.args) > 1 else node.keywords[0].value if node.keywords else None
            )
            found[node.args[0].value] = (
                ast.unparse(default)
                if default is not None
                else ("empty" if node.func.attr == "words" else "required")
            )
    return found


def page() -> str:
    """The page as Markdown."""
    defaults = read_by_settings()
    lines = [
        "# Settings",
        "",
        "Read from the environment. Printed by `python -m ipt_clinic.reference`; do not edit by hand.",
        "",
        "| variable | default | what it does |",
        "|---|---|---|",
    ]
    for name, words in WHAT.items():
        default = defaults.get(name, "")
        lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {words} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
