// A list of suggestions above a text field, which keeps the focus: a combobox.
import { h } from "./dom.js";

let count = 0;

/** Suggestions for a field; `pick(item)` is called with the chosen {label, description, …}. */
export class Suggestions {
  #items = [];
  #active = 0;

  constructor(field, { title, pick }) {
    this.field = field;
    this.pick = pick;
    this.title = title;
    this.heading = h("div", { class: "suggestions-title" }, title);
    this.list = h("ul", { role: "listbox", id: `suggestions-${(count += 1)}`, "aria-label": title });
    this.root = h("div", { class: "suggestions", hidden: true, onmousedown: (event) => event.preventDefault() }, this.heading, this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) field.setAttribute(name, value);
    field.addEventListener("keydown", (event) => this.#onKey(event));
    field.addEventListener("blur", () => this.hide());
  }

  get open() {
    return !this.root.hidden;
  }

  /** Whether there is something to choose; then the keys are not the field's own. */
  get offers() {
    return this.open && this.#items.length > 0;
  }

  show(items, { note = "", title = this.title } = {}) {
    this.heading.textContent = title;
    this.list.setAttribute("aria-label", title);
    this.#items = items;
    this.#active = 0;
    this.list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    if (!items.length) this.list.append(h("li", { class: "note" }, note || "Nothing matches"));
    this.root.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  hide() {
    this.root.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #option(item, index) {
    return h(
      "li",
      { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false", onmousedown: () => this.#choose(index), onmousemove: () => ((this.#active = index), this.#mark(false)) },
      h("b", {}, item.label),
      item.detail ? h("span", { class: "detail" }, item.detail) : null,
      item.description ? h("small", {}, item.description) : null,
    );
  }

  #mark(scrolls = true) {
    [...this.list.children].forEach((entry, index) => entry.setAttribute("aria-selected", String(index === this.#active)));
    const active = this.list.children[this.#active];
    if (active?.id) this.field.setAttribute("aria-activedescendant", active.id);
    if (scrolls) active?.scrollIntoView({ block: "nearest" });
  }

  #choose(index) {
    const item = this.#items[index];
    if (!item) return;
    this.hide();
    this.pick(item);
  }

  #onKey(event) {
    if (!this.open || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#items.length) {
      this.#active = (this.#active + step + this.#items.length) % this.#items.length;
      this.#mark();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#items.length) {
      this.#choose(this.#active);
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
