// Moves people in the closeness circles: by dragging, and by the arrow keys of a person who has the focus (Shift: further; Enter
// opens, since each is a link). Each move is saved by itself, one after the other; the answer is the board as it stands then, also
// where somebody else moved that person first. Without this file a form beside the circles does the same.
(() => {
  const STEP = 3; // of the 100 from the middle to the edge
  const FURTHER = 12;
  const PAUSE = 450; // ms after the last arrow key until the place is saved
  const SHOOK = 4; // pixels: less is a click
  const MIDDLE = 16; // as interpersonal.circles has them
  const OUTERMOST = 95;
  const RINGS = [[37, "closest"], [68, "friends and family"], [100, "acquaintances"]];
  const SIDES = ["up", "up right", "right", "down right", "down", "down left", "left", "up left"];
  const ARROWS = { ArrowUp: [0, -1, "up"], ArrowDown: [0, 1, "down"], ArrowLeft: [-1, 0, "left"], ArrowRight: [1, 0, "right"] };

  let held = null; // what is being dragged
  let left = null; // the pointer that still presses after Escape
  let timer = 0;
  let waiting = null; // {key, sent}: an arrow-key move that is not sent yet
  let sending = Promise.resolve();
  let undo = null; // {key, name, sent}: how the last move is taken back

  const board = () => document.getElementById("board");
  const svg = () => document.querySelector("svg[data-circles]");
  const mark = (key) => document.getElementById(`mark-${key}`);
  const round = (number) => Math.round(number * 10) / 10;
  const inside = (x, y) => {
    const far = Math.hypot(x, y);
    if (far < 0.01) return [0, MIDDLE];
    const kept = Math.min(Math.max(far, MIDDLE), OUTERMOST) / far;
    return [round(x * kept), round(y * kept)];
  };
  const words = (x, y) => {
    const far = Math.hypot(x, y);
    const ring = RINGS.find(([outer]) => far <= outer) ?? RINGS[2];
    const side = SIDES[(Math.round(Math.atan2(x, -y) / (Math.PI / 4)) + 8) % 8];
    return `${ring[1]}, ${side}`;
  };
  const placeOf = (person) => (person.dataset.x === undefined ? null : [Number(person.dataset.x), Number(person.dataset.y)]);
  const asSent = (place) => (place ? { x: place[0], y: place[1] } : {});

  const say = (said, isRefused = false) => {
    const live = document.querySelector("[data-live]");
    if (!live) return;
    live.textContent = said;
    live.classList.toggle("is-refused", isRefused);
  };
  const begin = () => {
    for (const part of document.querySelectorAll("[data-moves], [data-with-script]")) part.hidden = false;
    for (const person of document.querySelectorAll("a.person[data-person]")) person.setAttribute("aria-describedby", "how-to-move");
    const button = document.querySelector("[data-undo]");
    if (button) {
      button.hidden = undo === null;
      if (undo) button.textContent = `Undo: ${undo.name} back where they were`;
    }
  };

  // The mark with its words, and without its line, to a place; in the picture's own numbers.
  const show = (person, x, y) => {
    const picture = svg();
    const scale = Number(picture.dataset.scale);
    const spot = person.querySelector(".mark");
    const right = Number(picture.dataset.middleX) + x * scale - Number(spot.getAttribute("cx"));
    const down = Number(picture.dataset.middleY) + y * scale - Number(spot.getAttribute("cy"));
    person.setAttribute("transform", `translate(${right} ${down})`);
  };

  // --- Saving -----------------------------------------------------------------------------------------------------------

  const send = (key, sent, back) => {
    sending = sending.then(() => post(key, sent, back));
    return sending;
  };
  const post = async (key, sent, back) => {
    const person = mark(key);
    if (!person) return;
    const name = person.dataset.name;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, version: person.dataset.version });
    for (const [field, value] of Object.entries(sent)) body.set(field, value);
    const answer = await fetch(person.dataset.place + location.search, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "HX-Request": "true" },
    }).catch(() => null);
    if (answer === null || (answer.status !== 200 && answer.status !== 409)) {
      person.removeAttribute("transform");
      const out = answer !== null && (answer.type === "opaqueredirect" || answer.status === 403);
      say(`Not saved: ${name} is still ${person.dataset.at}. ${out ? "Sign in again" : "Wait for the network"} and move them once more.`, true);
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
    if (!fresh) return;
    undo = answer.status === 200 && back ? { key, name, sent: back } : null;
    take(fresh);
  };
  // The board as it stands; who had the focus keeps it, and what was being dragged or typed meanwhile is not disturbed.
  const take = (fresh) => {
    const focused = document.activeElement?.closest?.("[data-person], #board [id]")?.id;
    const isOpen = document.querySelector(".stand")?.open;
    const typed = ["quick-name", "quick-relationship"].map((id) => [id, document.getElementById(id)?.value]);
    const said = fresh.dataset.said;
    const isRefused = fresh.dataset.refused !== undefined;
    board().replaceWith(document.importNode(fresh, true));
    for (const [id, value] of typed) if (value) document.getElementById(id).value = value;
    const stand = document.querySelector(".stand");
    if (stand && isOpen) stand.open = true;
    begin();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (waiting) {
      const person = mark(waiting.key);
      if (person && waiting.place) show(person, ...waiting.place);
    } else {
      say(said, isRefused);
    }
  };

  // --- By keyboard --------------------------------------------------------------------------------------------------------

  const flush = () => {
    clearTimeout(timer);
    if (!waiting) return;
    const { key, sent, back } = waiting;
    waiting = null;
    send(key, sent, back);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) {
      left = held.pointer;
      release(true);
      return;
    }
    const person = event.target.closest?.("a.person[data-person]");
    const arrow = ARROWS[event.key];
    if (!person || !arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const key = person.dataset.person;
    if (waiting && waiting.key !== key) flush();
    const before = placeOf(person);
    const back = waiting ? waiting.back : asSent(before);
    if (!before && !waiting?.place) {
      // From the tray into the outer circle, on the side of the arrow.
      waiting = { key, sent: { ring: 3, direction: arrow[2] }, back, place: null };
      say(`${person.dataset.name}: acquaintances, ${arrow[2]}.`);
      flush();
      return;
    }
    const far = event.shiftKey ? FURTHER : STEP;
    const [x, y] = waiting?.place ?? before;
    // Through the client to the other side, and not round them for ever.
    let [toX, toY] = [x + arrow[0] * far, y + arrow[1] * far];
    if (Math.hypot(toX, toY) < MIDDLE && Math.hypot(toX, toY) < Math.hypot(x, y)) {
      if (arrow[0]) toX = arrow[0] * Math.sqrt(Math.max(MIDDLE ** 2 - toY ** 2, 0));
      else toY = arrow[1] * Math.sqrt(Math.max(MIDDLE ** 2 - toX ** 2, 0));
    }
    const place = inside(toX, toY);
    show(person, ...place);
    say(`${person.dataset.name}: ${words(...place)}.`);
    waiting = { key, sent: asSent(place), back, place };
    clearTimeout(timer);
    timer = setTimeout(flush, PAUSE);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.closest?.("a.person[data-person]") && document.contains(event.target)) flush();
  });

  // --- By dragging --------------------------------------------------------------------------------------------------------

  const at = (event) => {
    const picture = svg();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const scale = Number(picture.dataset.scale);
    return [(point.x - Number(picture.dataset.middleX)) / scale, (point.y - Number(picture.dataset.middleY)) / scale];
  };
  document.addEventListener("pointerdown", (event) => {
    const person = event.target.closest?.("svg[data-circles] a.person");
    if (!person || event.button !== 0 || held) return;
    flush();
    held = { key: person.dataset.person, from: [event.clientX, event.clientY], isMoving: false, pointer: event.pointerId };
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const far = Math.hypot(event.clientX - held.from[0], event.clientY - held.from[1]);
    if (!held.isMoving && far < SHOOK) return;
    const person = mark(held.key);
    if (!person) return;
    held.isMoving = true;
    person.classList.add("is-held");
    held.place = inside(...at(event));
    show(person, ...held.place);
  });
  // `isLeft`: the person goes back where they stood.
  const release = (isLeft) => {
    const { key, place, isMoving } = held;
    held = null;
    const person = mark(key);
    person?.classList.remove("is-held");
    if (!isMoving || !person) return;
    swallow();
    if (isLeft) {
      person.removeAttribute("transform");
      say(`${person.dataset.name} stays where they were: ${person.dataset.at}.`);
      return;
    }
    person.focus({ preventScroll: true });
    send(key, asSent(place), asSent(placeOf(person)));
  };
  // The click that ends a drag opens nobody.
  const swallow = () => {
    const stop = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", stop, { capture: true }), 300);
  };
  document.addEventListener("pointerup", (event) => {
    if (event.pointerId === left) {
      left = null;
      swallow();
    } else if (event.pointerId === held?.pointer) {
      release(false);
    }
  });
  document.addEventListener("pointercancel", (event) => held && event.pointerId === held.pointer && release(true));
  document.addEventListener("dragstart", (event) => event.target.closest?.("svg[data-circles]") && event.preventDefault());

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-undo]") || !undo) return;
    const { key, sent } = undo;
    undo = null;
    send(key, sent, null).then(() => mark(key)?.focus({ preventScroll: true }));
  });
  window.addEventListener("pagehide", flush);
  begin();
})();
