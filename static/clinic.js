// What every page does for the keyboard: "/" finds a client, Escape closes a menu, errors take the focus.
(() => {
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const field = document.getElementById("find-client");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    }
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      }
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  document.querySelector("[data-error-summary]")?.focus();
  // One act, one request: a second click while the first is under way is not sent. Before a form goes, the page asks whether
  // its person is still signed in and the server answers, so that what was typed is not lost on a sign-in page or on no page.
  const STUCK = 30000; // ms until a page that was sent and did not leave takes another click
  // draft.js sees to its own forms; signing in and out are no acts of the page's person.
  const isAsked = (form) => window.clinic && !form.getAttribute("action")?.startsWith("/account/");
  const going = (form) => {
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, STUCK);
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || "draft" in form.dataset || event.defaultPrevented) return;
    if (form.dataset.sent === "ready") return going(form);
    if (form.dataset.sent) return event.preventDefault();
    if (!isAsked(form)) return going(form);
    event.preventDefault();
    form.dataset.sent = "asking";
    const may = await clinic.ready();
    if (!may) return void delete form.dataset.sent;
    form.dataset.sent = "ready";
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();
