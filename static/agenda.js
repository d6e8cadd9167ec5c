// The order of the agenda without leaving the page: by the buttons, whose focus stays, or by dragging. Without script the same
// buttons send the same form. The server answers with the order that stands by then; where it knows more than the page, or
// refuses, the page is opened anew.
(() => {
  const said = document.querySelector("[data-order-said]");

  const arrange = (list, keys) => {
    const rows = new Map([...list.querySelectorAll("[data-item]")].map((row) => [row.dataset.item, row]));
    if (rows.size !== keys.length || keys.some((key) => !rows.has(key))) return location.reload();
    keys.forEach((key, at) => {
      const row = rows.get(key);
      list.append(row);
      row.querySelector("[data-place]").textContent = at + 1;
      const up = row.querySelector("[value=up]"), down = row.querySelector("[value=down]");
      if (up) up.disabled = at === 0;
      if (down) down.disabled = at === keys.length - 1;
    });
  };

  const send = async (list, row, values) => {
    const form = row.querySelector("[data-order-form]");
    const body = new FormData(form);
    Object.entries(values).forEach(([name, value]) => body.set(name, value));
    try {
      const answer = await fetch(list.dataset.order, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return location.reload();
      arrange(list, (await answer.json()).order);
      if (said) said.textContent = `${row.dataset.who} is number ${row.querySelector("[data-place]").textContent} now.`;
    } catch {
      form.submit();
    }
  };

  for (const list of document.querySelectorAll("[data-order-list]")) {
    const rows = () => [...list.querySelectorAll("[data-item]")];
    if (rows().length < 2) continue;
    list.addEventListener("submit", async (event) => {
      const button = event.submitter, row = button?.closest("[data-item]");
      if (!row || !event.target.matches("[data-order-form]")) return;
      event.preventDefault();
      await send(list, row, { way: button.value });
      (button.disabled ? row.querySelector(button.value === "up" ? "[value=down]" : "[value=up]") : button).focus();
    });
    let dragged = null;
    const clear = () => rows().forEach((row) => row.classList.remove("drop-here"));
    rows().forEach((row) => {
      row.draggable = true;
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        row.classList.add("dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.dataset.who);
      });
      row.addEventListener("dragend", () => { row.classList.remove("dragged"); clear(); dragged = null; });
      row.addEventListener("dragover", (event) => {
        if (!dragged || dragged.parentElement !== list) return;
        event.preventDefault();
        clear();
        if (row !== dragged) row.classList.add("drop-here");
      });
      row.addEventListener("drop", (event) => {
        if (!dragged || dragged.parentElement !== list) return;
        event.preventDefault();
        clear();
        if (row === dragged) return;
        const order = rows();
        // Dropped on one further down it goes behind it, further up before it.
        const before = order.indexOf(row) > order.indexOf(dragged) ? row.nextElementSibling : row;
        send(list, dragged, { before: before ? before.dataset.item : "" });
      });
    });
  }
})();
