// A button beside a text copies it whole, as it was written. Without this file the buttons are not shown, and the text can be
// selected.
(() => {
  const textOf = (element) => {
    const lines = [...element.querySelectorAll("[data-line]")];
    return lines.length ? lines.map((line) => line.textContent).join("\n") : element.textContent;
  };
  // Not navigator.clipboard alone: a clinic in its own network may be reached without https.
  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error();
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    const words = [...button.childNodes];
    let back = 0;
    button.addEventListener("click", async () => {
      clearTimeout(back);
      try {
        await copy(textOf(document.getElementById(button.dataset.copy)));
        button.textContent = "✓ Copied";
      } catch {
        button.textContent = "Select it and press Ctrl+C";
      }
      button.focus();
      back = setTimeout(() => button.replaceChildren(...words), 2500);
    });
  }
})();
