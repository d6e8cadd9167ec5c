"""What may stand in a log line. The token of a client's link is the one secret that stands in an address (/q/<token>/), and
web servers write addresses down: Django for every answer above 399, gunicorn for a request that broke, a traceback in its last
words. So it is taken out where a line is born, whatever logger and handler it goes through."""

import logging
import logging.config
import re
from typing import Any

# Anything behind /q/ but the pages that hold no token.
_OWN = r"(?:ended|review|finished|\d{1,3}(?:/help)?)"
_TOKEN = re.compile(rf"(?i)(/|%2f)q(/|%2f)(?!{_OWN}?/?(?:[\s\"'<>)?#,;:]|$))[^\s\"'<>?#]+")
# As a mail program may break an address: with a space, a bracket or a quotation mark before the token.
_BROKEN = re.compile(r"(?i)(/|%2f)q(/|%2f)\W{1,6}[\w-]{32,}")
_HIDDEN = r"\1q\2…"


def without_tokens(said: str) -> str:
    return _BROKEN.sub(_HIDDEN, _TOKEN.sub(_HIDDEN, said))


def configure(settings: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the settings as they are, and records that hold no token."""
    logging.config.dictConfig(settings)
    if logging.getLogRecordFactory() is logging.LogRecord:
        logging.setLogRecordFactory(_record)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    try:
        said = record.getMessage()
    except Exception:  # words that do not fit their arguments: the handler says so, as always
        return record
    if (clean := without_tokens(said)) != said:
        record.msg, record.args = clean, None
    if record.exc_info:
        told = logging.Formatter().formatException(record.exc_info)
        if (clean := without_tokens(told)) != told:
            record.exc_text = clean
    if record.stack_info:
        record.stack_info = without_tokens(record.stack_info)
    return record
