"""Small words with a colour. The words carry the meaning; the colour only helps the eye."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

KINDS = frozenset({"focus", "initial", "middle", "end", "risk", "warn", "good"})


def tag_html(kind: str, words: str) -> SafeString:
    """A tag of a known kind; an unknown kind raises `ValueError`, so that a typing error is seen at once."""
    if kind not in KINDS:
        raise ValueError(f"Unknown kind of tag: {kind!r}")
    return format_html('<span class="tag {}">{}</span>', kind, words)
