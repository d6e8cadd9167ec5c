// Signing in again without leaving a page. `clinic.ask()` says whether the page's own person is still signed in here, and
// gives every form of the page a fresh token; `clinic.ready()` opens the dialog where they are not. allauth's ordinary pages
// are asked in the background, so every check and limit of theirs holds. Nothing is kept in the browser.
(() => {
  const template = document.getElementById("sign-in-again");
  if (!template) return;
  const dialog = document.importNode(template.content, true).querySelector("dialog"); // on the page only while it is open
  const notice = document.getElementById("not-sent");
  const problem = dialog.querySelector("[data-problem]");
  const title = dialog.querySelector("#again-title");
  const words = dialog.querySelector("#again-words");
  const keyButton = dialog.querySelector("[data-key]");
  const PATIENCE = 15000; // ms until a server that does not answer counts as away
  const QUIET = 1500; // ms without typing before the dialog takes the focus: nothing may land in the password by mistake
  const LOOK = 5000; // ms between two looks whether somebody signed in in another tab
  const SAID = {
    out: [title.textContent, words.textContent],
    other: [
      "Somebody else is signed in",
      "In this browser, in another tab. Nothing of this page was sent to them; your words are still here.",
    ],
  };

  let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let asking = null;
  let step = null; // the request of the dialog that is under way
  let typedAt = 0;
  let isOffered = false; // once for each time that a sign-in runs out
  let waiting = null; // who waits for the dialog to close
  let watch = 0;
  let keyOptions = null; // what a passkey is asked, when the server wants a second factor

  // --- Who is signed in ---------------------------------------------------------------------------------------------

  const renew = (csrf) => {
    token = csrf;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = csrf;
  };

  // same: the page's person; other: somebody else; out: nobody; away: no answer, or a server in trouble.
  const look = async () => {
    await step?.catch(() => null);
    try {
      const answer = await fetch(dialog.dataset.ask, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) return "away";
      return heard(await answer.json());
    } catch {
      return "away";
    }
  };
  const heard = (said) => {
    if (said.person === null || said.person !== dialog.dataset.person) {
      token = said.csrf;
      return said.person === null ? "out" : "other";
    }
    renew(said.csrf);
    isOffered = false;
    if (dialog.open) dialog.close("in");
    return "same";
  };
  const ask = () => {
    asking ??= look().finally(() => (asking = null));
    return asking;
  };

  // --- The dialog ---------------------------------------------------------------------------------------------------

  const tell = (sentences) => {
    problem.replaceChildren(
      ...sentences.map((sentence) => Object.assign(document.createElement("div"), { textContent: sentence })),
    );
    problem.hidden = sentences.length === 0;
  };
  const show = (name) => {
    for (const form of dialog.querySelectorAll("[data-step]")) form.hidden = form.dataset.step !== name;
    [title.textContent, words.textContent] = SAID[name === "other" ? "other" : "out"];
    const first = dialog.querySelector(`[data-step=${name}] :is(input:not([readonly]), button)`);
    first.focus();
    first.select?.();
  };

  // Where the person was typing, to go back to it with the caret.
  const place = () => {
    const field = document.activeElement;
    const caret = field?.matches?.("textarea, input[type=text], input:not([type])")
      ? [field.selectionStart, field.selectionEnd, field.scrollTop]
      : null;
    return () => {
      if (!field?.isConnected || field === document.body) return;
      field.focus({ preventScroll: true });
      if (!caret) return;
      field.setSelectionRange(caret[0], caret[1]);
      field.scrollTop = caret[2];
    };
  };

  // Answers true once the same person is signed in, false when the dialog was closed without.
  const open = (who) => {
    if (waiting) return waiting.promise;
    const back = place();
    waiting = {};
    waiting.promise = new Promise((resolve) => (waiting.resolve = resolve));
    dialog.returnValue = "";
    document.body.append(dialog);
    tell([]);
    dialog.showModal();
    show(who === "other" ? "other" : "password");
    watch = setInterval(ask, LOOK);
    dialog.addEventListener(
      "close",
      () => {
        clearInterval(watch);
        for (const field of dialog.querySelectorAll("[type=password], [name=code]")) field.value = "";
        dialog.remove();
        const done = waiting.resolve;
        waiting = null;
        back();
        const isIn = dialog.returnValue === "in";
        if (isIn) document.dispatchEvent(new Event("clinic:in"));
        done(isIn);
      },
      { once: true },
    );
    return waiting.promise;
  };

  // By itself it opens at a pause only: who is in the middle of a word would go on typing into the password.
  const offer = (who) => {
    if (isOffered) return;
    isOffered = true;
    const atPause = () => {
      const rest = typedAt + QUIET - Date.now();
      if (rest > 0) setTimeout(atPause, rest);
      else if (isOffered) open(who);
    };
    atPause();
  };
  document.addEventListener("keydown", () => (typedAt = Date.now()), true);
  document.addEventListener("input", () => (typedAt = Date.now()), true);

  // --- Its steps ----------------------------------------------------------------------------------------------------

  const post = async (address, fields) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, next: dialog.dataset.ask, ...fields });
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 429) throw new Error("There were too many attempts. Wait a few minutes, then try again.");
    if (answer.status === 403) throw new Error("The clinic's server did not take that. Try once more.");
    if (!answer.ok) throw new Error("The clinic's server has a problem. Try again in a moment.");
    if (answer.headers.get("Content-Type").startsWith("application/json")) return { said: await answer.json() };
    return { page: new DOMParser().parseFromString(await answer.text(), "text/html"), address: new URL(answer.url).pathname };
  };

  const take = ({ said, page, address }) => {
    if (said) return settle(heard(said));
    renewFrom(page);
    const isCode = address === dialog.dataset.code;
    keyOptions = isCode ? readKey(page) : null;
    keyButton.hidden = keyOptions === null;
    const sentences = [...page.querySelectorAll("[data-error-summary] li, .errorlist li")].map((one) => one.textContent.trim());
    if (!isCode && address !== dialog.dataset.login && !sentences.length) {
      // Some other page of allauth's, such as that of a sign-in which was ended.
      sentences.push(page.querySelector("main p")?.textContent.trim() ?? "This sign-in did not work.");
    }
    show(isCode ? "code" : "password");
    tell([...new Set(sentences)]);
  };
  const renewFrom = (page) => {
    token = page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? token;
  };
  const settle = (who) => {
    if (who !== "same") show(who === "other" ? "other" : "password");
    tell([]);
  };

  // One request at a time. A token that has aged is renewed before, since every sign-in in this browser makes a new one.
  const go = (address, fields) => {
    if (step) return;
    dialog.setAttribute("aria-busy", "true");
    step = (async () => {
      try {
        take(await post(address, fields));
      } catch (error) {
        const isOurs = error.constructor === Error;
        tell([isOurs ? error.message : "The clinic's server cannot be reached. Your words are still here: try again in a moment."]);
      }
    })().finally(() => {
      step = null;
      dialog.removeAttribute("aria-busy");
    });
  };

  const enter = {
    password: async (form) => {
      const who = await ask();
      if (who === "same") return;
      if (who === "other") return settle(who);
      go(dialog.dataset.login, { login: form.elements.login.value, password: form.elements.password.value });
    },
    code: (form) => go(dialog.dataset.code, { code: form.elements.code.value.trim() }),
    other: () => leave(),
  };
  // Signs out whoever is half or wholly in, and begins anew.
  const leave = async () => {
    await ask();
    go(dialog.dataset.leave, {});
  };

  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (step) return;
    const missing = [...event.target.querySelectorAll("input:not([readonly])")].find((field) => field.value === "");
    if (missing) {
      tell([missing.name === "code" ? "Write the code." : "Write your password."]);
      missing.focus();
      return;
    }
    enter[event.target.dataset.step](event.target);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) dialog.close("");
    if (event.target.closest("[data-restart]")) leave();
  });
  for (const name of ["focus", "online"]) addEventListener(name, () => dialog.open && ask());

  // --- A passkey or security key as the second factor ---------------------------------------------------------------

  const readKey = (page) => {
    const data = page.getElementById("js_data");
    if (!data || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return null;
    return JSON.parse(data.textContent).request_options.publicKey;
  };
  keyButton.addEventListener("click", async () => {
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(keyOptions);
      const credential = await navigator.credentials.get({ publicKey });
      go(dialog.dataset.code, { credential: JSON.stringify(credential) });
    } catch {
      tell(["The passkey or security key did not answer. Try again, or use a code."]);
    }
  });

  // --- Before anything is sent --------------------------------------------------------------------------------------

  const say = (sentence) => {
    notice.textContent = sentence;
  };
  // True when a form may go: the same person is signed in and the server answers. Otherwise the page says why not.
  const ready = async () => {
    say("");
    for (;;) {
      const who = await ask();
      if (who === "same") return true;
      if (who === "away") {
        say("The clinic's server cannot be reached. Nothing was sent and nothing is lost: try again in a moment.");
        return false;
      }
      if (!(await open(who))) {
        say("You are not signed in, so nothing was sent. Nothing is lost: sign in again to go on.");
        return false;
      }
    }
  };

  window.clinic = { ask, open, offer, ready, say };
})();
