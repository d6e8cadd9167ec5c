"""Where a checkout keeps its data, and which user PostgreSQL runs as.

PostgreSQL refuses to run as root. Started by root, it runs as a system user of its own, whose data and
socket then lie where that user can reach them. No rights are changed on folders that were not made here.
"""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from database.binaries import LauncherError

SYSTEM_USER = "ipt-clinic"
SHARED_HOME = Path("/var/lib/ipt-clinic")


@dataclass(frozen=True)
class Account:
    """The system user that PostgreSQL runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.getuid()


def data_home(checkout: Path) -> Path:
    """IPT_DATA_DIR; else `var` in the checkout; for root a folder of this checkout's own under /var/lib."""
    named = os.environ.get("IPT_DATA_DIR", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    checkout = checkout.resolve()
    if os.getuid() != 0:
        return checkout / "var"
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", checkout.name)[:20] or "clinic"
    return SHARED_HOME / f"{name}-{hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]}"


def account_for(data: Path) -> Account:
    """Me; for root the owner of an existing data folder, else a system user, made when it is missing."""
    if os.getuid() != 0:
        me = pwd.getpwuid(os.getuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid)
    made_by = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(made_by) if made_by else _system_user()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    if useradd := shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        nowhere = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, "--system", *nowhere, SYSTEM_USER], check=False, capture_output=True)
    for name in (SYSTEM_USER, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LauncherError(
        "PostgreSQL does not run as root and no other user was found: start as an ordinary user."
    )


def make_home(home: Path) -> None:
    """Makes the folder and its missing parents; root's may be passed through, others' are private."""
    as_root = os.getuid() == 0
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir()
            folder.chmod(0o711 if as_root else 0o700)
        readable = os.access(home, os.R_OK | os.W_OK | os.X_OK)
    except PermissionError:
        readable = False
    if not readable:
        raise LauncherError(
            f"The data folder {home} may not be written by this user: "
            "start as the user who made it, or name another folder in IPT_DATA_DIR."
        )


def make_folder_for(account: Account, folder: Path) -> None:
    """A folder that only the account may enter; one that is there already is left as it is."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if not account.is_me:
            os.chown(folder, account.uid, account.gid)


def check_reach(account: Account, path: Path, setting: str) -> None:
    """Raises LauncherError when a folder on the way to `path` is closed to the account; `setting` moves it."""
    if account.is_me:
        return
    folders = [str(folder) for folder in reversed((path, *path.parents)) if folder.exists()]
    blocked = subprocess.run(
        ["/bin/sh", "-c", 'for f in "$@"; do test -x "$f" || { echo "$f"; exit; }; done', "sh", *folders],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if blocked:
        raise LauncherError(
            f"When root starts it, PostgreSQL runs as the user {account.name}, who may not enter {blocked}: "
            f"let it pass (chmod o+x {blocked}) or name another folder in {setting}."
        )
