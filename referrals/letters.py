"""A letter that came with a referral: how it travels through a request, and what makes it a letter. It is in memory alone, from
the request into the row; no file of it lies on a disk. What it is, its own bytes say, and neither its name nor what a browser
calls it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from referrals.models.clinical import MOST_BYTES

FIELD = "letter"
# A request beyond this is not even read: the page could not keep what was typed beside such a file.
MOST_OF_A_REQUEST = 3 * MOST_BYTES
TOO_LARGE = "This letter is larger than 10 MB. Scan it in grey or at a lower resolution."
EMPTY = "There is nothing in this file. Choose the letter again."
NEITHER = (
    "This is neither a PDF nor a JPEG, whatever its name says, or its end is missing. Save or scan it as PDF."
)
ARCHIVE = "This file is an archive as well. Save the letter as PDF anew."

_PDF = re.compile(rb"%PDF-[12]\.\d")
_END_OF_AN_ARCHIVE, _LAST_OF_AN_ARCHIVE = b"PK\x05\x06", 65_557
_NO_PART_OF_A_NAME = re.compile(r"[^\w .,()-]")


@dataclass(frozen=True)
class Letter:
    """What may be kept: a name that is safe everywhere, the kind by its own content, and the bytes as they came."""

    name: str
    kind: str
    content: bytes


def read_letter(name: str, content: bytes) -> Letter:
    """The letter, or a ValidationError that says what to do instead."""
    if not content:
        raise ValidationError(EMPTY)
    if len(content) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    kind = "application/pdf" if _is_pdf(content) else "image/jpeg" if _is_jpeg(content) else ""
    if not kind:
        raise ValidationError(NEITHER)
    if _END_OF_AN_ARCHIVE in content[-_LAST_OF_AN_ARCHIVE:]:
        raise ValidationError(ARCHIVE)
    return Letter(_safe_name(name, kind), kind, content)


def _is_pdf(content: bytes) -> bool:
    """From its first byte to its last: readers are content with less, and files of two kinds live on that."""
    end = content[-2048:].rstrip(b"\0\t\n\f\r ")
    return bool(_PDF.match(content)) and end.endswith(b"%%EOF") and b"startxref" in end


def _is_jpeg(content: bytes) -> bool:
    """From the start of the image, segment by segment, over a frame to a scan; and an end of the image at its end."""
    if not content.startswith(b"\xff\xd8") or not content.rstrip(b"\0\n\r ").endswith(b"\xff\xd9"):
        return False
    at, has_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or length < 2:
            return False
        if marker == 0xDA:
            return has_frame
        has_frame |= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        at += 2 + length
    return False


def _safe_name(name: str, kind: str) -> str:
    """Letters, figures and a few signs; the ending that its content has."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = _NO_PART_OF_A_NAME.sub("_", last.rsplit(".", 1)[0])[:80].strip(" ._-")
    return f"{stem or 'letter'}{'.pdf' if kind == 'application/pdf' else '.jpg'}"


# --- On its way -------------------------------------------------------------------------------------------------------


class InMemory(FileUploadHandler):
    """Keeps the one letter of a form in memory. Of one that is too large only the size is known afterwards, and any other file
    is let go by, so that what was typed beside it is read all the same."""

    _begun = False

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != FIELD or self._begun:
            raise SkipFile
        self._begun, self._parts, self._size = True, list[bytes](), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > MOST_BYTES:
            self._parts.clear()
        else:
            self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return InMemoryUploadedFile(
            BytesIO(b"".join(self._parts)), FIELD, self.file_name, self.content_type, self._size, self.charset
        )


def takes_a_letter(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page whose form may bring a letter. How files are read must be said before anybody reads the request, and whoever
    checks the form's token reads it: so the token is checked behind this."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_OF_A_REQUEST:
            return render(request, "referrals/too_large.html", status=413)
        request.upload_handlers = [InMemory(request)]
        return checked(request, **arguments)

    return answer
