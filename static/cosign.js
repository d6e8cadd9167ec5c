// Keys of the queue of co-signing: c co-signs, r goes to the comment of a return, n and p to the next and the previous note.
// Never while somebody types, never with a second key held, and each may be turned off: the buttons do all of it.
(() => {
  const keys = document.querySelector("[data-keys]");
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const TWICE = 400; // ms: a key that bounces decides about one note, not about the next one too
  const kept = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch {
      // A browser that keeps nothing: the keys work, and are on with each page.
    }
    return null;
  };
  const areOn = () => !keys || keys.querySelector("[data-keys-on]").checked;
  if (keys) {
    const on = keys.querySelector("[data-keys-on]");
    const show = () => keys.classList.toggle("is-off", !on.checked);
    on.checked = kept("cosign-keys") !== "off";
    on.addEventListener("change", () => {
      kept("cosign-keys", on.checked ? "on" : "off");
      show();
    });
    keys.hidden = false;
    show();
  }
  const isTooSoon = () => {
    const last = Number(kept("cosign-at") || 0);
    kept("cosign-at", String(Date.now()));
    return Math.abs(Date.now() - last) < TWICE;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat || event.isComposing) return;
    if (event.defaultPrevented || !(event.target instanceof Element) || typing(event.target)) return;
    if (document.querySelector("dialog[open]") || !areOn()) return;
    if (event.key === "r") {
      const comment = document.querySelector("[data-queue] textarea:not([readonly])");
      if (!comment) return;
      event.preventDefault();
      comment.focus();
      return;
    }
    if (!["c", "n", "p"].includes(event.key)) return;
    const act = document.querySelector(`[data-key="${event.key}"]`);
    if (!act || (event.key === "c" && isTooSoon())) return;
    event.preventDefault();
    act.click();
  });
})();
