// The log page's own: moves between digits, shows their totals, shows what the attendance asks for. draft.js saves what is
// written. Without this file the page works by its two buttons.
(() => {
  const form = document.getElementById("log");
  if (!form) return;
  const valueOf = (name) => form.elements[name]?.value ?? "";

  // --- Showing what is asked for ------------------------------------------------------------------------------------

  const holdsText = (block) =>
    [...block.querySelectorAll("textarea, .log-line, .digits input")].some((field) => field.value !== "") ||
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
  form.addEventListener("change", (event) => {
    if (!event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) show();
  });
  show();

  // --- Digits -------------------------------------------------------------------------------------------------------

  let asked = 0;
  const awaitsAlert = () => document.querySelector("[data-awaits-save]") !== null;
  const score = async () => {
    const mine = (asked += 1);
    if ((await clinic.ask()) !== "same" || mine !== asked) return;
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
    if (awaitsAlert()) form.dispatchEvent(new Event("draft:now"));
  };
  form.addEventListener("draft:saved", () => awaitsAlert() && score());

  for (const row of form.querySelectorAll(".digits")) {
    const boxes = [...row.querySelectorAll("input")];
    const wording = row.parentElement.querySelector(".log-item");
    const highest = Number(row.dataset.highest);
    let soon = 0;
    // A digit that is put in by script is an input like any other.
    const changed = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));
    row.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(score, 120);
    });
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
          changed(box);
          if (index + 1 < boxes.length) go(index + 1);
          else box.select();
        } else if (box.getAttribute("aria-invalid")) {
          changed(box);
          box.select();
        }
      });
      box.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Backspace" && box.value === "" && index > 0) {
          event.preventDefault();
          boxes[index - 1].value = "";
          go(index - 1);
          changed(box);
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
        changed(box);
        go(wrong === -1 ? start + used.length : start + wrong);
      });
    });
    wording.hidden = false;
  }
})();
