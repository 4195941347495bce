// A command being filled in: required options first, the others one click away.
import { h } from "./dom.js";
import { optionField, suggest } from "./options.js";

/** The form of a command; `send(command, options, files)` and `cancel()` end it. */
export class CommandForm {
  #fields = new Map();

  constructor(command, { send, cancel, prefill = {} }) {
    this.command = command;
    this.send = send;
    this.cancel = cancel;
    this.hint = h("div", { class: "hint" }, command.description);
    this.fields = h("div", { class: "fields" });
    this.more = h("div", { class: "more" });
    this.root = h(
      "form",
      { class: "command-form", "aria-label": `/${command.path}`, novalidate: true, onsubmit: (event) => this.#submit(event), onkeydown: (event) => this.#onKey(event) },
      this.hint,
      h(
        "div",
        { class: "command-line" },
        h("span", { class: "command-name" }, `/${command.path}`),
        this.fields,
        this.more,
        h("span", { class: "ends" }, h("button", { type: "button", class: "quiet", "aria-label": "Cancel command", onclick: cancel }, "×"), h("button", { type: "submit", class: "send", "aria-label": "Send command" }, "Send")),
      ),
    );
    for (const option of command.options) {
      if (option.required || option.name in prefill || option === offered(command)) this.#add(option);
      if (option.name in prefill) this.#fields.get(option.name).set(prefill[option.name]);
    }
    this.#drawMore();
  }

  focus() {
    const empty = [...this.#fields.values()].find((field) => field.value() === null && !field.file());
    if (empty) empty.focus();
    else this.root.querySelector(".send").focus();
  }

  /** Give dropped files to options that want one; returns those that none wanted. */
  take(files) {
    const left = [];
    for (const file of files) {
      const wanting = this.command.options.find((option) => option.type === 11 && !this.#fields.get(option.name)?.file());
      if (wanting && !this.#fields.has(wanting.name)) this.#add(wanting);
      if (!wanting || !this.#fields.get(wanting.name).take(file)) left.push(file);
    }
    this.#drawMore();
    return left;
  }

  values() {
    const values = {};
    for (const [name, field] of this.#fields) if (field.value() !== null) values[name] = field.value();
    return values;
  }

  #add(option) {
    const field = optionField(option, {
      describe: (entry) => (this.hint.textContent = entry.description),
      remove: (entry) => this.#remove(entry),
      next: () => this.focus(),
      suggest: (entry, text) => suggest(this.command.path, { ...this.values(), [entry.name]: text }, entry.name),
    });
    this.#fields.set(option.name, field);
    this.fields.append(field.root);
  }

  #remove(option) {
    this.#fields.get(option.name).root.remove();
    this.#fields.delete(option.name);
    this.#drawMore();
    this.focus();
  }

  #drawMore() {
    const left = this.command.options.filter((option) => !this.#fields.has(option.name));
    this.more.replaceChildren(
      ...left.map((option) =>
        h(
          "button",
          {
            type: "button",
            class: "add-option",
            title: option.description,
            "aria-label": `Add option ${option.name}`,
            onclick: () => {
              this.#add(option);
              this.#drawMore();
              this.#fields.get(option.name).focus();
            },
          },
          `+ ${option.name}`,
        ),
      ),
    );
  }

  #onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "Backspace" && event.target.type === "text" && event.target.value === "") {
      const option = this.command.options.find((entry) => `option-${entry.name}` === event.target.id);
      event.preventDefault();
      if (option?.required) this.cancel();
      else if (option) this.#remove(option);
    } else if (event.key === "Enter" && event.target.matches('select, input[type="file"]')) {
      event.preventDefault();
      this.root.requestSubmit();
    }
  }

  #submit(event) {
    event.preventDefault();
    const wrong = [...this.#fields.values()].filter((field) => field.check());
    if (wrong.length) return wrong[0].focus();
    const files = [...this.#fields].filter(([, field]) => field.file()).map(([name, field]) => [name, field.file()]);
    this.send(this.command, this.values(), files);
  }
}

/** A file that can be given but need not: offered at once where nothing is required. */
function offered(command) {
  const [first] = command.options;
  return first?.type === 11 && !command.options.some((option) => option.required) ? first : null;
}

/** All commands that can be typed, subcommands as `group sub`: {path, description, options}. */
export function typedCommands(commands) {
  return commands.filter((command) => (command.type ?? 1) === 1).flatMap((command) => flattened(command, command.name));
}

function flattened(command, path) {
  const options = command.options ?? [];
  const inner = options.filter((option) => option.type <= 2);
  if (inner.length) return inner.flatMap((option) => flattened(option, `${path} ${option.name}`));
  return [{ path, description: command.description, options }];
}

/** What was typed after a command's name: `length:200 prompt:two words`. */
export function typedOptions(command, text) {
  const names = command.options.map((option) => option.name);
  const found = {};
  const pattern = new RegExp(`(?:^|\\s)(${names.map(RegExp.escape ?? escaped).join("|") || "(?!)"}):`, "g");
  const starts = [...text.matchAll(pattern)];
  starts.forEach((start, index) => {
    const end = starts[index + 1]?.index ?? text.length;
    found[start[1]] = text.slice(start.index + start[0].length, end).trim();
  });
  return found;
}

const escaped = (name) => name.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, "\\$&");
