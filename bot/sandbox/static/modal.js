// A modal of the bot: a dialog with text fields, menus and files.
import { post } from "./api.js";
import { byId, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { optionsOf } from "./select.js";

/** Show the modal of an outcome; `showNext(outcome)` is called if another one follows. */
export function showModal(outcome, showNext) {
  const dialog = byId("modal");
  const { modal, interaction } = outcome;
  const fields = [];
  const error = h("p", { class: "modal-error", role: "alert" });
  const close = () => dialog.close();
  const submit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value()]));
    const files = fields.filter((field) => field.files).flatMap((field) => field.files().map((file) => [field.name, file]));
    try {
      const answer = await post("modals", { interaction, values }, files);
      if (answer.status === "failed") throw new Error("Something went wrong. Try again.");
      close();
      if (answer.modal) showNext(answer);
    } catch (problem) {
      error.textContent = problem.message;
    }
  };
  dialog.replaceChildren(
    h(
      "form",
      { method: "dialog", onsubmit: submit, "aria-labelledby": "modal-title" },
      h("h2", { id: "modal-title" }, modal.title),
      modal.components.map((component) => part(component, fields)),
      error,
      h("footer", {}, h("button", { type: "button", class: "button quiet", onclick: close }, "Cancel"), h("button", { type: "submit", class: "button primary" }, "Submit")),
    ),
  );
  dialog.showModal();
  dialog.querySelector("input, textarea, select")?.focus();
}

function part(component, fields) {
  if (component.type === 1) return component.components.map((child) => labeled(child, child.label, "", fields));
  if (component.type === 18) return labeled(component.component, component.label, component.description, fields);
  if (component.type === 10) return h("div", { class: "content" }, markdown(component.content));
  return null;
}

function labeled(component, label, description, fields) {
  const id = `field-${component.custom_id}`;
  const required = component.required ?? component.type !== 23;
  const made = field(component, id, required);
  made.name = component.custom_id;
  made.input.dataset.customId = component.custom_id;
  fields.push(made);
  return h("div", { class: "modal-field" }, h("label", { for: id }, label, required ? h("span", { class: "required", title: "Required" }, " *") : null), description ? h("small", {}, description) : null, made.input);
}

function field(component, id, required) {
  if (component.type === 4) {
    const limits = { id, required, placeholder: component.placeholder ?? "", maxlength: String(component.max_length ?? 4000), minlength: component.min_length ? String(component.min_length) : null };
    const input = component.style === 2 ? h("textarea", { ...limits, rows: 5 }) : h("input", { ...limits, type: "text", autocomplete: "off" });
    input.value = component.value ?? "";
    return { input, value: () => input.value };
  }
  if (component.type === 19) {
    const input = h("input", { id, type: "file", required, multiple: (component.max_values ?? 1) > 1 });
    return { input, files: () => [...input.files] };
  }
  if (component.type === 23) {
    const input = h("input", { id, type: "checkbox", checked: component.default === true });
    return { input, value: () => input.checked };
  }
  const several = component.type === 22 || (component.max_values ?? 1) > 1;
  const options = component.options ?? optionsOf(component);
  const input = h("select", { id, required, multiple: several }, several ? null : h("option", { value: "" }, component.placeholder ?? "Choose…"), options.map((option) => h("option", { value: option.value, selected: option.default === true }, option.label)));
  const chosen = () => [...input.selectedOptions].map((option) => option.value).filter(Boolean);
  return { input, value: () => (component.type === 21 ? (chosen()[0] ?? null) : chosen()) };
}
