// Saves every <form data-draft="address" data-person="key"> while it is written: within a second of a pause, and every few
// seconds of steady typing. The words go to the server and nowhere else; nothing is kept in the browser. Before each save the
// page asks who is signed in, so that no word travels under another person's sign-in. Without this file a form works by its
// buttons. A page's own script listens to "draft:saved" on the form, and asks for a save at once by "draft:now".
(() => {
  const PAUSE = 800; // ms without typing before a save
  const STEADY = 4000; // ms after which steady typing is saved all the same
  const BESIDE = 15000; // the same while each save is kept beside a newer version, as one more in the history
  const BACK_OFF = [1000, 2000, 4000, 8000, 15000];
  const PATIENCE = 20000; // ms until a save that is not answered is sent again; more for a long text
  const LONG = 100000; // characters
  const GOING = 30000; // ms until a page that was sent and did not leave takes another click

  const uuid = () => {
    // Not crypto.randomUUID: a clinic in its own network may be reached without https.
    const [...bytes] = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const keep = (form) => {
    const state = form.querySelector("[data-save-state]");
    let edits = 0; // how often something was changed
    let kept = 0; // up to which change the server has it
    let answered = 0; // up to which change it has said yes or no
    let paused = 0; // up to which change it was told that the writer paused
    let since = 0; // when the first change was made that is not answered
    let typedAt = 0;
    let timer = 0;
    let failures = 0;
    let running = null;
    let isStale = false; // another window saved a newer version: this one is kept beside it
    let isHalted = false; // it can be kept no more
    let leaving = ""; // asking, going
    let marked = [];

    const hidden = (name) => {
      let field = form.elements.namedItem(name);
      if (!field) {
        field = Object.assign(document.createElement("input"), { type: "hidden", name });
        form.append(field);
      }
      return field;
    };
    const basedOn = hidden("based_on");
    const counter = hidden("edits");
    const pause = hidden("pause");
    const person = hidden("person");
    const ours = hidden("window");
    person.value ||= form.dataset.person;
    ours.value ||= uuid();

    // --- Words --------------------------------------------------------------------------------------------------------

    // A screen reader hears when something goes wrong, not every save and not every attempt.
    const tell = (kind, words, button) => {
      const isNews = kind === "failed" && !state.classList.contains("failed");
      state.setAttribute("aria-live", isNews ? "assertive" : "off");
      state.className = `saved ${kind}`.trim();
      state.textContent = words;
      if (button) state.append(" ", button);
    };
    const buttonFor = (words, settings) =>
      Object.assign(document.createElement("button"), { className: "btn btn-quiet btn-sm", textContent: words, ...settings });
    const signIn = (who) => {
      const button = buttonFor("Sign in again", { type: "button" });
      button.addEventListener("click", () => clinic.open(who));
      return button;
    };
    const mark = (fields) => {
      for (const field of marked) field.removeAttribute("aria-invalid");
      marked = [...form.elements].filter((field) => field.name in fields && field.matches("textarea, input, select"));
      for (const field of marked) field.setAttribute("aria-invalid", "true");
    };

    // --- When ---------------------------------------------------------------------------------------------------------

    const plan = (delay) => {
      clearTimeout(timer);
      if (!isHalted && !leaving) timer = setTimeout(save, delay);
    };
    const untilDue = () => {
      const atPause = typedAt + PAUSE;
      const due = edits === answered ? atPause : Math.min(atPause, since + (isStale ? BESIDE : STEADY));
      return Math.max(0, due - Date.now());
    };
    const next = () => {
      if (failures) plan(BACK_OFF[Math.min(failures, BACK_OFF.length) - 1]);
      else if (edits !== answered || edits !== paused) plan(untilDue());
    };
    const edited = () => {
      typedAt = Date.now();
      if (edits === answered) since = typedAt;
      edits += 1;
      if (isHalted || running || failures) return; // a retry keeps its time, however steadily somebody types
      if (!isStale) tell("busy", "Not saved yet");
      plan(untilDue());
    };

    // --- Saving -------------------------------------------------------------------------------------------------------

    const save = () => {
      clearTimeout(timer);
      running ??= send().finally(() => {
        running = null;
        next();
      });
      return running;
    };

    const send = async () => {
      if (!failures && !isStale) tell("busy", "Saving…");
      const who = await clinic.ask();
      if (who !== "same") return notHere(who);
      const now = edits;
      const isPause = leaving !== "" || Date.now() - typedAt >= PAUSE - 50;
      counter.value = now;
      pause.value = isPause ? "1" : "";
      since = Date.now(); // what is typed from here on
      const answer = await post();
      if (answer === null) return later("the clinic's server cannot be reached");
      if (answer.type === "opaqueredirect") return notHere("out");
      if (answer.status >= 500) return later("the clinic's server has a problem");
      if (answer.said?.kind === "person") return notHere("other");
      if (!answer.said?.why && !answer.ok) return later(WHY[answer.status] ?? "the clinic's server did not take it");
      failures = 0;
      answered = now;
      if (isPause) paused = now;
      mark(answer.said.fields ?? {});
      if (answer.ok) saved(now, answer.said);
      else if (answer.status !== 409) refused(now, answer.said);
      else if (answer.said.kind === "taken") taken(answer.said);
      else stale(now, answer.said);
    };
    const WHY = {
      400: "the text is too long to send",
      413: "the text is too long to send",
      403: "you may not write on this course now",
      404: "you no longer carry this course",
    };

    // The answer with its JSON in `said`; null where there was none in time, or half of one.
    const post = async () => {
      const length = [...form.querySelectorAll("textarea")].reduce((sum, area) => sum + area.textLength, 0);
      const fields = new FormData(form);
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST",
          // Sixty parts cost the server a sixth of a save; a long text is sent in parts, since this way it may grow threefold.
          body: length < LONG ? new URLSearchParams(fields) : fields,
          redirect: "manual",
          headers: { Accept: "application/json" },
          signal: AbortSignal.timeout(PATIENCE + length / 20),
        });
        const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
        const said = isJson ? await answer.json() : null;
        if (answer.ok && !said) return null;
        return { type: answer.type, status: answer.status, ok: answer.ok, said };
      } catch {
        return null;
      }
    };

    const saved = (now, said) => {
      basedOn.value = said.version;
      kept = now;
      const wrong = Object.values(said.fields ?? {})[0];
      if (edits !== now) tell("busy", "Not saved yet");
      else tell("", `✓ Draft saved ${said.saved_at}${wrong ? `, but not everything could be read: ${wrong}` : ""}`);
      form.dispatchEvent(new CustomEvent("draft:saved", { detail: said }));
    };
    const refused = (now, said) => {
      paused = now; // the same words would be refused again
      tell("failed", `Not saved. ${said.why}`);
    };
    // Nothing is overwritten: what is sent from now on is kept beside the newer version, for both to be looked at.
    const stale = (now, said) => {
      const isTold = isStale && state.firstChild?.data === said.why;
      isStale = true;
      kept = now;
      if (isTold) return; // the button may have the focus
      tell("failed", said.why, buttonFor("See both versions", { type: "submit", name: "act", value: "compare" }));
    };
    const taken = (said) => {
      isHalted = true;
      tell("failed", `Not saved any more. ${said.why}`);
    };

    // The text stays on the page and is sent again, ever less often.
    const later = (why) => {
      failures += 1;
      const seconds = BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] / 1000;
      tell("failed", `Not saved: ${why}; trying again in ${seconds} s`);
    };
    const notHere = (who) => {
      if (who === "away") return later("the clinic's server cannot be reached");
      failures += 1; // goes on asking, and sends nothing until the same person is back
      const words = who === "out" ? "Signed out, not saved." : "Not saved: somebody else is signed in here now. Nothing is sent.";
      tell("failed", words, signIn(who));
      clinic.offer(who);
    };

    const atOnce = async () => {
      await running;
      if (failures || edits !== answered) plan(0);
    };

    form.addEventListener("input", edited);
    form.addEventListener("draft:now", atOnce);
    addEventListener("online", atOnce);
    document.addEventListener("clinic:in", atOnce);
    document.addEventListener("visibilitychange", atOnce);

    // --- Leaving ------------------------------------------------------------------------------------------------------

    addEventListener("beforeunload", (event) => {
      if (leaving !== "going" && edits !== kept) event.preventDefault();
    });

    // A page that comes back from the browser's memory may be older than the draft.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      stay();
      if (edits === kept) location.reload();
      else atOnce();
    });

    // Everything is on the server and the server answers, or the page stays where it is and says why.
    const settle = async () => {
      clearTimeout(timer);
      if (running) await running;
      if (isHalted) clinic.say("Nothing was sent, because this can no longer be saved here. Copy what you need from this page.");
      if (isHalted || !(await clinic.ready())) return false;
      if (!isStale && (failures || edits !== answered)) await save();
      return !failures && !isHalted;
    };
    const stay = () => {
      leaving = "";
      form.inert = false;
      next();
    };
    const submitBy = (button) => {
      if (!button || button.form === form) return form.requestSubmit(button);
      // The button stood in the words of the state, which have changed since.
      const act = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
      form.append(act);
      form.requestSubmit();
      act.remove();
    };
    form.addEventListener("submit", async (event) => {
      if (leaving === "going") return;
      event.preventDefault();
      if (leaving) return;
      leaving = "asking";
      const may = await settle();
      if (!may) return stay();
      leaving = "going";
      submitBy(event.submitter);
      form.inert = true; // what is typed from here on would be lost
      setTimeout(stay, GOING);
    });

    // Enter in a single line must neither sign nor leave.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });

    // --- What is not kept yet when the page opens -----------------------------------------------------------------------

    const typedBefore = [...form.querySelectorAll("textarea, input[type=text], input:not([type])")].some(
      (field) => field.value !== field.defaultValue,
    );
    if ("unsaved" in form.dataset || typedBefore) edited();
  };

  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
})();
