"""The timer that is shipped runs what script/server runs, as often, and without the owner's rights."""

from configparser import ConfigParser
from pathlib import Path

from script._server import REMIND_EVERY

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds the case
    parser.read_string((UNITS / name).read_text(encoding="utf-8"))
    return parser


def test_the_timer_starts_the_service_every_five_minutes() -> None:
    assert unit("ipt-clinic-remind.timer")["Timer"]["OnCalendar"] == "*:0/5"
    assert REMIND_EVERY == 300


def test_the_service_runs_remind_once_as_nobody_special() -> None:
    service = unit("ipt-clinic-remind.service")["Service"]
    assert service["ExecStart"].endswith("/python manage.py remind")
    assert (service["Type"], service["User"]) == ("oneshot", "ipt-clinic")
    assert service["NoNewPrivileges"] == service["ProtectHome"] == "yes"
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")
    assert "IPT_DB_ROLE" not in (UNITS / "ipt-clinic-remind.service").read_text(encoding="utf-8")
