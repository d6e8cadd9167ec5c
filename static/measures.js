// A digit chooses its answer and goes on to the next question; Backspace takes it back. Without this file the radio buttons do
// the same with the arrow keys.
(() => {
  const form = document.getElementById("measure");
  if (!form) return;
  const questions = [...form.querySelectorAll(".measure-question")];
  const radiosOf = (question) => [...question.querySelectorAll("input[type=radio]")];
  const focus = (question) => {
    const radios = radiosOf(question);
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
  };
  const choose = (radio) => {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const question = event.target.closest(".measure-question");
    if (!question || event.target.type !== "radio") return;
    const index = questions.indexOf(question);
    if (event.key === "Backspace") {
      event.preventDefault();
      const none = radiosOf(question).find((radio) => radio.value === "");
      if (none?.checked && index > 0) focus(questions[index - 1]);
      else if (none) {
        choose(none);
        none.focus();
      }
      return;
    }
    if (!/^[0-9]$/.test(event.key)) return;
    const radio = radiosOf(question).find((each) => each.value === event.key);
    if (!radio) return;
    event.preventDefault();
    choose(radio);
    if (index + 1 < questions.length) focus(questions[index + 1]);
    else form.querySelector("button[type=submit]").focus();
  });
})();
