"""A real clinic's settings pass Django's own deployment checks, and nothing starts without its secrets."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REAL = {
    "PATH": os.environ["PATH"],
    "DEMO": "0",
    "SECRET_KEY": "f3k9-" * 20,
    "ALLOWED_HOSTS": "clinic.example",
    "DATABASE_URL": "postgresql://ipt_app:x@localhost/ipt",
    "EMAIL_HOST": "mail.clinic.example",
}


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_deployment_checks_find_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **REAL)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_without_a_secret_key_it_says_so_in_one_sentence() -> None:
    done = manage("check", **{name: value for name, value in REAL.items() if name != "SECRET_KEY"})
    assert done.returncode != 0
    assert "Set the environment variable SECRET_KEY: the clinic cannot start without it." in done.stderr


def test_the_owner_address_is_never_read_by_the_web() -> None:
    done = manage("shell", "-c", "from django.conf import settings; print(settings.DATABASES)", **REAL)
    assert "ipt_owner" not in done.stdout
    assert "OWNER_DATABASE_URL" not in (ROOT / "ipt_clinic/wsgi.py").read_text()
