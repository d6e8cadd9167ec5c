/* The timeline by keyboard, wheel, drag and pinch. The server draws each stretch of time; here only another one is asked for.
   Without script the same ways are links. */
(function () {
  "use strict";

  const ID = "timeline-picture";
  const WAIT = 160; // milliseconds after the last turn of the wheel
  const DAY = 86400000;
  const SHORTEST = 21;
  let picture = document.getElementById(ID);
  if (!picture || !window.fetch) return;

  const frame = () => picture.querySelector("[data-frame]");
  const svg = () => picture.querySelector("svg");
  const asDay = (text) => Date.parse(text + "T00:00:00Z") / DAY;
  const asText = (day) => new Date(Math.round(day) * DAY).toISOString().slice(0, 10);
  const shown = () => ({ first: asDay(picture.dataset.first), last: asDay(picture.dataset.last) });
  const whole = () => ({ first: asDay(picture.dataset.earliest), last: asDay(picture.dataset.latest) });

  /* Where on the axis a pointer is, from 0 at its left end to 1. */
  function shareAt(x) {
    const box = svg().getBoundingClientRect();
    const scale = box.width / svg().viewBox.baseVal.width;
    return Math.min(1, Math.max(0, ((x - box.left) / scale - picture.dataset.left) / picture.dataset.width));
  }

  function pixelsOfAxis() {
    return (svg().getBoundingClientRect().width / svg().viewBox.baseVal.width) * picture.dataset.width;
  }

  function within(range) {
    const all = whole();
    const days = range.last - range.first;
    if (days >= all.last - all.first) return all;
    if (range.first < all.first) return { first: all.first, last: all.first + days };
    if (range.last > all.last) return { first: all.last - days, last: all.last };
    return range;
  }

  function scaled(range, factor, at) {
    const days = Math.max(SHORTEST - 1, (range.last - range.first) * factor);
    const fixed = range.first + (range.last - range.first) * at;
    return within({ first: fixed - days * at, last: fixed + days * (1 - at) });
  }

  /* --- Another stretch of time ----------------------------------------------------------------------------------------- */

  let asking = null;
  async function show(address) {
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    frame().setAttribute("aria-busy", "true");
    let html;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: mine.signal, credentials: "same-origin" });
      html = await answer.text();
      // Signed out meanwhile, or no such page: the whole page says so.
      if (!answer.ok || !html.includes(`id="${ID}"`)) return window.location.assign(address);
    } catch (error) {
      if (error.name !== "AbortError") frame().removeAttribute("aria-busy");
      return undefined;
    }
    if (asking !== mine) return undefined;
    asking = null;
    put(html);
    const url = new URL(address, window.location.href);
    window.history.replaceState(null, "", url);
    return undefined;
  }

  function put(html) {
    const held = document.activeElement;
    const wasIn = picture.contains(held);
    const key = wasIn ? held.id : "";
    const way = wasIn ? held.dataset && held.dataset.way : "";
    const scroll = frame().scrollLeft;
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(ID);
    picture.replaceWith(document.adoptNode(fresh));
    picture = document.getElementById(ID);
    begin();
    frame().scrollLeft = scroll;
    if (!wasIn) return;
    const again = (key && document.getElementById(key)) || (way && picture.querySelector(`[data-way="${way}"]`)) || frame();
    again.focus({ preventScroll: true });
  }

  const addressOf = (range) => `?from=${asText(range.first)}&to=${asText(range.last)}`;
  function go(code) {
    const link = picture.querySelector(`[data-way="${code}"]`);
    if (link) show(link.getAttribute("href"));
  }

  let turned = null;
  let timer = 0;
  function soon(range) {
    turned = range;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const last = turned;
      turned = null;
      const now = shown();
      if (Math.round(last.first) !== now.first || Math.round(last.last) !== now.last) show(addressOf(last));
      else unmoved();
    }, WAIT);
  }

  /* What is drawn follows the hand at once; the true picture follows. */
  function drawn(range) {
    const now = shown();
    const factor = (now.last - now.first) / (range.last - range.first);
    const left = Number(picture.dataset.left);
    const width = Number(picture.dataset.width);
    const shift = left - left * factor + ((now.first - range.first) / (range.last - range.first)) * width;
    svg().setAttribute("viewBox", viewBox);
    svg().querySelectorAll(":scope > g").forEach((group) => group.setAttribute("transform", `translate(${shift} 0) scale(${factor} 1)`));
  }
  function unmoved() {
    svg().querySelectorAll(":scope > g").forEach((group) => group.removeAttribute("transform"));
  }
  let viewBox = svg().getAttribute("viewBox");

  /* --- Keys, links, wheel, drag, pinch --------------------------------------------------------------------------------- */

  const KEYS = {
    "+": "closer", "=": "closer", "-": "wider", "−": "wider", _: "wider", 0: "all",
    ArrowLeft: "earlier", ArrowRight: "later", Home: "first", End: "last",
  };

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const code = KEYS[event.key];
    if (!code) return;
    event.preventDefault();
    go(code);
  }

  function clicked(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const address = link.getAttribute("href");
    if (!address.startsWith("?")) return;
    event.preventDefault();
    show(address);
  }

  function wheeled(event) {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    // Over a picture that nobody has pressed yet the wheel scrolls the page, as everywhere; with Ctrl (and so by pinch on
    // a touchpad) it looks closer always.
    const isMeant = event.ctrlKey || frame().contains(document.activeElement);
    if (!isMeant && !sideways) return;
    if (sideways && !event.ctrlKey && frame().scrollWidth > frame().clientWidth + 1) return;
    event.preventDefault();
    const range = turned || shown();
    let next;
    if (!sideways || event.ctrlKey) {
      next = scaled(range, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), shareAt(event.clientX));
    } else {
      const days = ((event.deltaX || event.deltaY) / pixelsOfAxis()) * (range.last - range.first);
      next = within({ first: range.first + days, last: range.last + days });
    }
    drawn(next);
    soon(next);
  }

  let drag = null;
  let wasDragged = false;
  function down(event) {
    wasDragged = false;
    if (event.button || !event.isPrimary || !frame().classList.contains("can-drag")) return;
    drag = { x: event.clientX, range: shown(), id: event.pointerId };
  }
  function moved(event) {
    if (!drag || event.pointerId !== drag.id) return;
    const pixels = event.clientX - drag.x;
    if (!wasDragged && Math.abs(pixels) < 5) return;
    if (!wasDragged) {
      wasDragged = true;
      frame().classList.add("is-dragged");
      frame().setPointerCapture(event.pointerId);
    }
    const days = (-pixels / pixelsOfAxis()) * (drag.range.last - drag.range.first);
    drag.to = within({ first: drag.range.first + days, last: drag.range.last + days });
    drawn(drag.to);
  }
  function up() {
    if (drag && drag.to) soon(drag.to);
    drag = null;
    frame().classList.remove("is-dragged");
  }

  let pinch = null;
  const apartOf = (touches) => Math.abs(touches[0].clientX - touches[1].clientX) + Math.abs(touches[0].clientY - touches[1].clientY);
  function touched(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    drag = null;
    const middle = (event.touches[0].clientX + event.touches[1].clientX) / 2;
    pinch = { apart: apartOf(event.touches), at: shareAt(middle), range: shown() };
  }
  function pinched(event) {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    pinch.to = scaled(pinch.range, pinch.apart / Math.max(10, apartOf(event.touches)), pinch.at);
    drawn(pinch.to);
  }
  function released() {
    if (pinch && pinch.to) soon(pinch.to);
    pinch = null;
  }

  /* Where the picture is wider than its frame, a finger scrolls it and does not move in time. */
  function fit() {
    frame().classList.toggle("can-drag", frame().scrollWidth <= frame().clientWidth + 1);
  }

  function begin() {
    viewBox = svg().getAttribute("viewBox");
    picture.addEventListener("click", clicked);
    const at = frame();
    at.addEventListener("keydown", pressed);
    at.addEventListener("wheel", wheeled, { passive: false });
    at.addEventListener("pointerdown", down);
    at.addEventListener("pointermove", moved);
    at.addEventListener("pointerup", up);
    at.addEventListener("pointercancel", up);
    at.addEventListener("touchstart", touched, { passive: false });
    at.addEventListener("touchmove", pinched, { passive: false });
    at.addEventListener("touchend", released);
    at.addEventListener("dragstart", (event) => event.preventDefault());
    // The end of a drag is no press on what lies under it.
    at.addEventListener("click", (event) => {
      if (!wasDragged) return;
      wasDragged = false;
      event.preventDefault();
      event.stopPropagation();
    }, true);
    fit();
  }

  window.addEventListener("resize", fit);
  begin();
  // A narrow screen begins with now.
  frame().scrollLeft = frame().scrollWidth;
})();
