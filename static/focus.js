// Shows what the chosen areas ask for. Without this script every field stays in sight, and the server keeps what belongs to the
// chosen areas. A part in which something was typed or is wrong never disappears.
(() => {
  const form = document.getElementById("focus-form");
  if (!form) return;
  const parts = [...form.querySelectorAll("fieldset[data-area]")];
  const typed = (part) =>
    [...part.querySelectorAll("input, textarea, select")].some((field) => {
      if (field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.tagName === "SELECT") {
        return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.value !== "";
      }
      return field.value !== field.defaultValue;
    });
  const show = () => {
    const main = form.querySelector("input[name=area]:checked");
    const second = form.querySelector("[name=second_area]");
    const chosen = [main && main.value, second && second.value];
    for (const part of parts) {
      const wrong = part.querySelector(".field-error, .is-invalid, .invalid-feedback");
      part.hidden = !(chosen.includes(part.dataset.area) || wrong || typed(part));
    }
    parts[0].closest(".focus-parts").hidden = parts.every((part) => part.hidden);
  };
  form.addEventListener("change", show);
  show();
})();
