// A select menu: a button that opens a list, one choice or several.
import { h } from "./dom.js";
import { store } from "./store.js";

const TEXT_CHANNEL = 0;

/** What a menu of any kind offers: {label, value, description, default}. */
export function optionsOf(component) {
  const chosen = new Set((component.default_values ?? []).map((value) => value.id));
  return offered(component).map((option) => (chosen.has(option.value) ? { ...option, default: true } : option));
}

function offered(component) {
  const people = store.state.people.map((person) => ({ label: person.display_name, value: person.id }));
  const roles = store.guild.roles.map((role) => ({ label: role.name, value: role.id }));
  const kinds = component.channel_types?.length ? component.channel_types : [TEXT_CHANNEL];
  const channels = kinds.includes(TEXT_CHANNEL) ? store.guild.channels.map((channel) => ({ label: `#${channel.name}`, value: channel.id })) : [];
  return { 3: component.options, 5: people, 6: roles, 7: [...people, ...roles], 8: channels }[component.type] ?? [];
}

/** The menu of a message's component; `choose(values)` is called once the choice is made. */
export function selectMenu(component, choose) {
  const options = optionsOf(component);
  const several = (component.max_values ?? 1) > 1;
  const chosen = new Set(options.filter((option) => option.default).map((option) => option.value));
  const former = JSON.stringify([...chosen]);
  const list = h("ul", { role: "listbox", class: "options", "aria-multiselectable": several ? "true" : null, hidden: true });
  const text = h("span", { class: "select-text" });
  const opener = h(
    "button",
    { class: "select-button", "aria-haspopup": "listbox", "aria-expanded": "false", disabled: component.disabled === true, data: { customId: component.custom_id }, onclick: () => (list.hidden ? open() : close(true)) },
    text,
    h("span", { class: "chevron", "aria-hidden": "true" }, "⌄"),
  );
  const root = h("div", { class: "select" }, opener, list);

  function label() {
    const names = options.filter((option) => chosen.has(option.value)).map((option) => option.label);
    text.textContent = names.join(", ") || component.placeholder || "Make a selection";
    text.classList.toggle("placeholder", names.length === 0);
    opener.setAttribute("aria-label", component.placeholder ? `${component.placeholder}${names.length ? `: ${names.join(", ")}` : ""}` : text.textContent);
  }

  function draw() {
    list.replaceChildren(
      ...options.map((option) =>
        h(
          "li",
          { role: "option", tabindex: "-1", "aria-selected": String(chosen.has(option.value)), data: { value: option.value }, onclick: () => pick(option) },
          option.emoji ? h("span", { class: "emoji" }, option.emoji.name) : null,
          h("span", { class: "option-text" }, h("b", {}, option.label), option.description ? h("small", {}, option.description) : null),
          several ? h("span", { class: "tick", "aria-hidden": "true" }, chosen.has(option.value) ? "☑" : "☐") : null,
        ),
      ),
    );
  }

  function open() {
    draw();
    list.hidden = false;
    document.addEventListener("pointerdown", outside);
    opener.setAttribute("aria-expanded", "true");
    list.classList.toggle("upward", opener.getBoundingClientRect().bottom > innerHeight - 280);
    (list.querySelector('[aria-selected="true"]') ?? list.firstElementChild)?.focus();
  }

  function close(sends) {
    list.hidden = true;
    document.removeEventListener("pointerdown", outside);
    opener.setAttribute("aria-expanded", "false");
    const values = [...chosen];
    const enough = values.length >= (component.min_values ?? 1);
    if (sends && several && enough && JSON.stringify(values) !== former) choose(values);
  }

  function outside(event) {
    if (!root.contains(event.target)) close(true);
  }

  function pick(option) {
    if (several) {
      if (!chosen.delete(option.value) && chosen.size < component.max_values) chosen.add(option.value);
      draw();
      list.querySelector(`[data-value="${CSS.escape(option.value)}"]`).focus();
    } else {
      const takenBack = component.min_values === 0 && chosen.has(option.value);
      chosen.clear();
      if (!takenBack) chosen.add(option.value);
      close(false);
      opener.focus();
      choose([...chosen]);
    }
    label();
  }

  list.addEventListener("keydown", (event) => {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) items[(next + items.length) % items.length].focus();
    else if (event.key === "Enter" || event.key === " ") document.activeElement.click();
    else if (event.key === "Escape") (close(false), opener.focus());
    else return;
    event.preventDefault();
  });
  root.addEventListener("focusout", (event) => {
    if (!list.hidden && event.relatedTarget && !root.contains(event.relatedTarget)) close(true);
  });
  label();
  return root;
}
