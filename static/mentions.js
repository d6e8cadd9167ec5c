// Where somebody types @ into the words of a session, the names of the client's people are offered: arrows move, Enter or Tab
// takes one, Escape closes. The name goes into the text, and the person is ticked. The names come with the page, as the boxes
// that can be ticked; without this file those are all there is.
(() => {
  const fields = document.querySelectorAll("#id_event, #id_week, #id_work, #id_next_time, #id_went_words");
  const boxes = [...document.querySelectorAll("#id_people [data-name]")];
  if (!boxes.length) return;

  const make = (tag, settings) => Object.assign(document.createElement(tag), settings);
  const list = make("ul", { id: "mentions", className: "mentions", role: "listbox", ariaLabel: "People", hidden: true });
  const said = make("div", { className: "visually-hidden", role: "status" });
  document.getElementById("log").append(said);

  let field = null;
  let start = 0; // where the @ stands
  let shown = [];
  let at = 0;
  let closedAt = -1; // the @ that was closed with Escape

  const typed = () => {
    if (field.selectionStart !== field.selectionEnd) return null;
    const end = field.selectionStart;
    const before = field.value.slice(Math.max(0, end - 60), end); // a name is shorter, and a text may be a megabyte
    const found = /(?:^|[\s([{"'“‘/–—-])@([\p{L}\p{M}\p{N}'’. -]{0,40})$/u.exec(before);
    if (!found) return null;
    start = end - found[1].length - 1;
    return found[1].toLowerCase();
  };
  const fits = (box, words) => {
    const name = box.dataset.name.toLowerCase();
    return name.startsWith(words) || name.split(/[\s-]+/).some((part) => part.startsWith(words));
  };

  const mark = () => {
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    if (list.hidden) return;
    list.hidden = true;
    said.textContent = "";
    for (const name of ["aria-activedescendant", "aria-controls", "aria-autocomplete", "aria-haspopup"]) field.removeAttribute(name);
  };
  const open = () => {
    list.replaceChildren(
      ...shown.map((box, place) => {
        const option = make("li", { id: `mention-${place}`, role: "option", textContent: box.dataset.name });
        option.append(make("span", { className: "muted", textContent: ` ${box.dataset.about.toLowerCase()}` }));
        option.addEventListener("click", () => take(place));
        return option;
      }),
    );
    field.after(list);
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    said.textContent = `${shown.length} ${shown.length === 1 ? "person" : "people"}. Arrows choose, Enter takes, Escape closes.`;
    mark();
  };
  const look = () => {
    const words = typed();
    if (words === null) closedAt = -1;
    const found = words === null || start === closedAt ? [] : boxes.filter((box) => fits(box, words));
    if (!found.length) return close();
    at = 0;
    shown = found;
    open();
  };

  const take = (place) => {
    const box = shown[place];
    const name = box.dataset.name;
    close();
    field.focus();
    field.setSelectionRange(start, field.selectionStart);
    // So that it can be taken back as typing can; where a browser does not know it, the text is set.
    if (!document.execCommand("insertText", false, name)) {
      field.setRangeText(name, start, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (box.checked) return;
    box.checked = true;
    box.closest("details")?.previousElementSibling.append(box.closest("label"));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const keys = {
    ArrowDown: () => (at = (at + 1) % shown.length),
    ArrowUp: () => (at = (at + shown.length - 1) % shown.length),
    Enter: () => take(at),
    Tab: () => take(at),
    Escape: () => {
      closedAt = start;
      close();
    },
  };
  const press = (event) => {
    if (list.hidden || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keys[event.key];
    if (!key) return;
    event.preventDefault();
    event.stopPropagation();
    key();
    if (!list.hidden) mark();
  };
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus

  for (const one of fields) {
    one.addEventListener("input", () => {
      field = one;
      look();
    });
    one.addEventListener("click", () => field === one && look());
    one.addEventListener("keydown", press);
    one.addEventListener("keyup", (event) => {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && field === one) look();
    });
    one.addEventListener("blur", close);
  }
})();
