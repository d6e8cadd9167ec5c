"""A form as a browser sends it: every field as the page holds it, nothing that is not on it."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """The posted forms of a page in their order, each with its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.names: list[set[str]] = []  # of the fields of each form, chosen or not
        self._form: dict[str, list[str]] | None = None
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "form":
            self._form = {} if (of.get("method") or "get").lower() == "post" else None
            if self._form is not None:
                self.forms.append(self._form)
                self.names.append(set())
            return
        if self._form is None:
            return
        if of.get("name"):
            self.names[-1].add(str(of["name"]))
        if tag == "input" and of.get("name"):
            kind = of.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in of:
                    self._put(of["name"], of.get("value", "on"))
            elif kind not in ("submit", "button"):
                self._put(of["name"], of.get("value"))
        elif tag == "select" and of.get("name"):
            self._select, self._options = (str(of["name"]), "multiple" in of), []
        elif tag == "option" and self._select:
            self._options.append((of.get("value") or "", "selected" in of))
        elif tag == "textarea":
            self._textarea, self._words = of.get("name"), []

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea:
            self._put(self._textarea, "".join(self._words).removeprefix("\n"))
            self._textarea = None
        elif tag == "select" and self._select:
            name, is_multiple = self._select
            chosen = [value for value, selected in self._options if selected]
            if not chosen and not is_multiple:
                chosen = [value for value, _ in self._options[:1]]
            for value in chosen:
                self._put(name, value)
            self._select = None

    def _put(self, name: str | None, value: str | None) -> None:
        if self._form is not None and name:
            self._form.setdefault(name, []).append(value or "")


def form_with(page: str, field: str) -> dict[str, list[str]]:
    """What the first form of the page that has this field would send as it stands. Fails where no form has it."""
    parser = _Forms()
    parser.feed(page)
    found = [form for form, names in zip(parser.forms, parser.names, strict=True) if field in names]
    assert found, f"no form with {field}"
    return {name: values for name, values in found[0].items() if name != "csrfmiddlewaretoken"}
