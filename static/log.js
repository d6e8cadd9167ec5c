// The log page: saves the draft while it is written, moves between digits, shows what the attendance asks for.
// Nothing is kept in the browser; without this file the page works by its two buttons.
(() => {
  const form = document.getElementById("log");
  if (!form) return;
  const state = document.getElementById("save-state");
  const PAUSE = 800; // ms without typing before a save: within a second of a pause
  const STEADY = 4000; // ms after which steady typing is saved all the same
  const BACK_OFF = [1000, 2000, 4000, 8000, 15000];

  const valueOf = (name) => form.elements[name]?.value ?? "";
  const tell = (kind, words, link) => {
    // A screen reader hears what went wrong, not every save.
    state.setAttribute("aria-live", kind === "failed" ? "assertive" : "off");
    state.className = `saved ${kind}`.trim();
    state.textContent = words;
    if (!link) return;
    const anchor = document.createElement("a");
    Object.assign(anchor, { href: link.href, target: "_blank", rel: "noopener", textContent: link.words });
    state.append(" ", anchor);
  };

  // --- Saving -------------------------------------------------------------------------------------------------------

  let edits = 0; // how often something was changed
  let kept = 0; // up to which change the server has it
  let since = 0; // when the first change that is not saved was made
  let timer = 0;
  let failures = 0;
  let running = null;
  let isStale = "stale" in form.dataset;
  let leaving = false;
  let outcome = "saved"; // of the last save: saved, refused, stale or failed

  const isDirty = () => edits !== kept;
  const plan = (delay) => {
    clearTimeout(timer);
    if (!isStale && !leaving) timer = setTimeout(save, delay);
  };
  const edited = () => {
    if (isStale) return;
    if (!isDirty()) since = Date.now();
    edits += 1;
    if (!failures) tell("busy", "Not saved yet");
    plan(failures ? BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] : Math.min(PAUSE, Math.max(0, since + STEADY - Date.now())));
  };

  const save = () => {
    running ??= send().finally(() => {
      running = null;
      if (outcome === "saved" && isDirty()) plan(PAUSE);
    });
    return running;
  };

  const send = async () => {
    const now = edits;
    tell("busy", "Saving…");
    let answer;
    try {
      answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new FormData(form),
        redirect: "manual",
        headers: { Accept: "application/json" },
      });
    } catch {
      return later("the clinic's server cannot be reached");
    }
    if (answer.type === "opaqueredirect") return signedOut();
    if (answer.status === 403) return renew();
    if (answer.status >= 500) return later("the clinic's server has a problem");
    const said = await answer.json().catch(() => null);
    if (said === null) return later(answer.status === 404 ? "you no longer carry this course" : "the text is too long to send");
    marks(said.fields ?? {});
    if (answer.ok) {
      form.elements.based_on.value = said.version;
      kept = now;
      since = Date.now();
      failures = 0;
      outcome = "saved";
      const wrong = Object.values(said.fields)[0];
      tell("", wrong ? `✓ Draft saved ${said.saved_at}, but not everything could be read: ${wrong}` : `✓ Draft saved ${said.saved_at}`);
      if (awaitsAlert()) score();
    } else if (answer.status === 409) {
      outcome = "stale";
      isStale = true;
      tell("failed", `Not saved. ${said.why}`, { href: location.href, words: "Open it in a new tab" });
    } else {
      outcome = "refused";
      tell("failed", `Not saved. ${said.why}`);
    }
  };

  // The text stays on the page and is sent again, ever less often.
  const later = (why, link) => {
    outcome = "failed";
    const wait = BACK_OFF[Math.min(failures, BACK_OFF.length - 1)];
    failures += 1;
    tell("failed", `Not saved: ${why}${why.endsWith(".") ? "" : ";"} trying again every few seconds.`, link);
    plan(wait);
  };

  const signedOut = () => later("you are signed out.", { href: location.href, words: "Sign in again in a new tab" });

  // Signing in again makes a new token. It is taken only if the same person is signed in.
  const renew = async () => {
    try {
      const answer = await fetch(form.action, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return signedOut();
      if (!answer.ok) return later("you may not write on this course now");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("log");
      if (!page) return later("this session can no longer be logged");
      if (page.dataset.person !== form.dataset.person) return later("somebody else is signed in here.");
      form.elements.csrfmiddlewaretoken.value = page.elements.csrfmiddlewaretoken.value;
      return later("your sign-in was renewed");
    } catch {
      return later("the clinic's server cannot be reached");
    }
  };

  const marks = (fields) => {
    for (const field of form.querySelectorAll("textarea, .digits input, #id_minutes")) {
      if (field.name in fields) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  };

  form.addEventListener("input", edited);
  form.addEventListener("change", (event) => {
    if (!event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) show();
  });

  addEventListener("beforeunload", (event) => {
    if (!leaving && (isDirty() || running)) event.preventDefault();
  });

  // A submit waits for the save before it, or it would look like a second window. What cannot be saved stays on this page.
  form.addEventListener("submit", async (event) => {
    if (leaving && !running) return;
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    clearTimeout(timer);
    const button = event.submitter;
    if (running) await running;
    if (isDirty() && !isStale) await save();
    if (outcome === "failed" || isStale) {
      leaving = false;
      if (outcome === "failed") plan(1000);
      return;
    }
    leaving = true;
    form.requestSubmit(button);
  });

  // Enter in a single line must neither sign nor leave.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });

  // --- Showing what is asked for ------------------------------------------------------------------------------------

  const holdsText = (block) =>
    [...block.querySelectorAll("textarea, .digits input")].some((field) => field.value !== "") ||
    block.querySelector(".log-error") !== null;
  const show = () => {
    for (const block of form.querySelectorAll("[data-shown-when], [data-shown-unless]")) {
      const [name, values] = (block.dataset.shownWhen ?? block.dataset.shownUnless).split(":");
      const isAmong = values.split(",").includes(valueOf(name));
      const wanted = block.dataset.shownWhen === undefined ? !isAmong : isAmong;
      block.hidden = !wanted && !holdsText(block);
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[type=radio], [type=checkbox]")) show();
  });
  form.elements.kind.addEventListener("change", (event) => {
    form.elements.appointment_type.value = event.target.selectedOptions[0].dataset.proposes;
  });
  show();

  // --- Digits -------------------------------------------------------------------------------------------------------

  let asked = 0;
  const awaitsAlert = () => document.querySelector("[data-awaits-save]") !== null;
  const score = async () => {
    const mine = (asked += 1);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", valueOf("csrfmiddlewaretoken"));
    for (const box of form.querySelectorAll(".digits input")) body.set(box.name, box.value);
    const answer = await fetch(form.dataset.scores, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const said = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    for (const part of said.querySelectorAll("[id]")) {
      const here = document.getElementById(part.id);
      if (here && here.outerHTML !== part.outerHTML && form.contains(here)) here.replaceWith(part);
    }
    if (awaitsAlert() && isDirty()) plan(0);
  };

  for (const row of form.querySelectorAll(".digits")) {
    const boxes = [...row.querySelectorAll("input")];
    const wording = row.parentElement.querySelector(".log-item");
    const highest = Number(row.dataset.highest);
    let soon = 0;
    const changed = () => {
      edited();
      clearTimeout(soon);
      soon = setTimeout(score, 120);
    };
    const go = (index) => {
      const box = boxes[Math.min(Math.max(index, 0), boxes.length - 1)];
      box.focus();
      box.select();
    };
    const put = (box, text) => {
      if (!/^[0-9]$/.test(text)) return false;
      const fits = Number(text) <= highest;
      box.value = text;
      box.toggleAttribute("aria-invalid", false);
      if (!fits) {
        box.setAttribute("aria-invalid", "true");
        wording.textContent = `${text} is no answer: write a number from 0 to ${highest}.`;
      }
      return fits;
    };
    boxes.forEach((box, index) => {
      box.addEventListener("focus", () => {
        box.select();
        wording.textContent = box.title;
      });
      box.addEventListener("beforeinput", (event) => {
        if (!event.inputType.startsWith("insert") || event.inputType === "insertFromPaste") return;
        event.preventDefault();
        const typed = event.data ?? "";
        if (put(box, typed)) {
          changed();
          if (index + 1 < boxes.length) go(index + 1);
          else box.select();
        } else if (box.getAttribute("aria-invalid")) {
          changed();
          box.select();
        }
      });
      box.addEventListener("input", changed); // a deletion
      box.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Backspace" && box.value === "" && index > 0) {
          event.preventDefault();
          boxes[index - 1].value = "";
          go(index - 1);
          changed();
        } else if (event.key === "ArrowLeft") {
          event.preventDefault();
          go(index - 1);
        } else if (event.key === "ArrowRight") {
          event.preventDefault();
          go(index + 1);
        } else if (event.key === "Home") {
          event.preventDefault();
          go(0);
        } else if (event.key === "End") {
          event.preventDefault();
          go(boxes.length - 1);
        }
      });
      box.addEventListener("paste", (event) => {
        event.preventDefault();
        const digits = event.clipboardData.getData("text").match(/[0-9]/g) ?? [];
        const start = digits.length >= boxes.length ? 0 : index;
        const used = digits.slice(0, boxes.length - start);
        const wrong = used.findIndex((digit, place) => !put(boxes[start + place], digit));
        if (!used.length) return;
        changed();
        go(wrong === -1 ? start + used.length : start + wrong);
      });
    });
    wording.hidden = false;
  }
})();
