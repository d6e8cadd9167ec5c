// A part of a page that shows what comes in meanwhile: `data-again` is its address, `data-mark` what it shows now. It is asked
// every 15 seconds while the page is in sight and its person is signed in; 204 says that there is nothing new. Without this file
// the part says what it said when the page was opened.
(() => {
  const EVERY = 15000; // ms
  let isOut = false;
  const hasFocus = (part) => part.contains(document.activeElement);

  const look = async (part) => {
    const address = new URL(part.dataset.again, location.href);
    address.searchParams.set("mark", part.dataset.mark);
    const answer = await fetch(address, { redirect: "manual", headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer === null || answer.status === 204) return;
    if (answer.status !== 200) {
      isOut = true; // not signed in any more, or no longer theirs: `clinic:in` says when to look again
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    // Nothing moves under somebody who is reading or pressing there; the next look brings it.
    if (fresh && part.isConnected && !hasFocus(part)) {
      part.replaceWith(document.importNode(fresh, true));
      document.dispatchEvent(new CustomEvent("again:shown", { detail: part.id }));
    }
  };
  const all = () => {
    if (document.hidden || isOut) return;
    for (const part of document.querySelectorAll("[data-again]")) look(part);
  };

  if (!document.querySelector("[data-again]")) return;
  setInterval(all, EVERY);
  document.addEventListener("visibilitychange", all);
  document.addEventListener("clinic:in", () => {
    isOut = false;
    all();
  });
})();
