// One option of a command: its field, its value, and what is wrong with it.
import { post } from "./api.js";
import { fileSize, h } from "./dom.js";
import { store } from "./store.js";
import { Suggestions } from "./suggestions.js";

const [STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT] = [3, 4, 5, 6, 7, 8, 9, 10, 11];

/** A field for an option: {root, focus(), value(), file(), problem(), take(file)}. */
export function optionField(option, context) {
  const made = option.type === ATTACHMENT ? fileField(option, context) : option.choices?.length || isPicked(option) ? pickField(option) : textField(option, context);
  const error = h("span", { class: "option-error", role: "alert" });
  const remove = option.required ? null : h("button", { type: "button", class: "remove", "aria-label": `Remove ${option.name}`, onclick: () => context.remove(option) }, "×");
  made.root = h("div", { class: "option", data: { option: option.name } }, h("label", { for: made.input.id, title: option.description }, option.name), made.body, remove, error);
  made.option = option;
  made.focus = () => made.input.focus();
  made.check = () => {
    const problem = made.problem();
    error.textContent = problem;
    made.root.classList.toggle("invalid", Boolean(problem));
    made.input.setAttribute("aria-invalid", String(Boolean(problem)));
    return problem;
  };
  made.input.addEventListener("input", () => made.root.classList.contains("invalid") && made.check());
  made.input.addEventListener("focus", () => context.describe(option));
  made.take ??= () => false;
  made.file ??= () => null;
  return made;
}

const idOf = (option) => `option-${option.name}`;
const isPicked = (option) => [BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE].includes(option.type);
const requiredSentence = "This option is required. Specify a value.";

function choicesOf(option) {
  const people = store.state.people.map((person) => [person.display_name, person.id]);
  const roles = store.guild.roles.map((role) => [role.name, role.id]);
  if (option.choices?.length) return option.choices.map((choice) => [choice.name, choice.value]);
  if (option.type === BOOLEAN) return [["True", true], ["False", false]];
  if (option.type === USER) return people;
  if (option.type === ROLE) return roles;
  if (option.type === MENTIONABLE) return [...people, ...roles];
  return store.guild.channels.map((channel) => [`#${channel.name}`, channel.id]);
}

function pickField(option) {
  const choices = choicesOf(option);
  const input = h("select", { id: idOf(option) }, h("option", { value: "" }, "Choose…"), choices.map(([name], index) => h("option", { value: String(index) }, name)));
  return {
    input,
    body: input,
    value: () => (input.value === "" ? null : choices[Number(input.value)][1]),
    set: (text) => {
      const index = choices.findIndex(([name]) => name.toLowerCase() === text.toLowerCase());
      if (index >= 0) input.value = String(index);
    },
    problem: () => (input.value === "" && option.required ? requiredSentence : ""),
  };
}

function textField(option, context) {
  const numeric = option.type === INTEGER || option.type === NUMBER;
  const input = h("input", { id: idOf(option), type: "text", autocomplete: "off", spellcheck: "false", inputmode: numeric ? "decimal" : "text", size: 8 });
  input.addEventListener("input", () => (input.size = Math.min(48, Math.max(8, input.value.length + 1))));
  let suggested = null;
  let body = input;
  if (option.autocomplete) {
    const suggestions = new Suggestions(input, { title: option.description, pick: (item) => ((input.value = item.label), (suggested = item), context.next(option)) });
    body = h("span", { class: "combobox" }, suggestions.root, input);
    const ask = debounced(async () => {
      const asked = input.value;
      const choices = await context.suggest(option, asked);
      if (asked !== input.value || document.activeElement !== input) return;
      if (choices === null) suggestions.show([], { note: "Loading options failed" });
      else suggestions.show(choices.map((choice) => ({ label: choice.name, value: choice.value })));
    }, 150);
    input.addEventListener("input", () => ((suggested = null), ask()));
    input.addEventListener("focus", ask);
  }
  const value = () => {
    if (input.value.trim() === "") return null;
    if (suggested) return suggested.value;
    return numeric ? Number(input.value.trim()) : input.value;
  };
  return { input, body, value, set: (text) => (input.value = text), problem: () => textProblem(option, input.value, value()) };
}

function textProblem(option, text, value) {
  if (value === null) return option.required ? requiredSentence : "";
  if (option.type === STRING) {
    const length = [...text].length;
    if (option.max_length && length > option.max_length) return `At most ${option.max_length} characters; there are ${length}.`;
    if (option.min_length && length < option.min_length) return `At least ${option.min_length} characters.`;
    return "";
  }
  const least = option.min_value ?? -(2 ** 53);
  const most = option.max_value ?? 2 ** 53;
  const bounds = option.min_value !== undefined && option.max_value !== undefined ? ` between ${least} and ${most}` : "";
  if (!Number.isFinite(value) || (option.type === INTEGER && !Number.isInteger(value))) return `Enter a ${option.type === INTEGER ? "whole " : ""}number${bounds}.`;
  if (value < least || value > most) return bounds ? `Enter a number${bounds}.` : value < least ? `At least ${least}.` : `At most ${most}.`;
  return "";
}

function fileField(option, context) {
  let file = null;
  const name = h("span", { class: "file-name" }, "Choose or drop a file");
  const input = h("input", { id: idOf(option), type: "file", onchange: () => input.files.length && take(input.files[0]) });
  const take = (chosen) => {
    file = chosen;
    name.textContent = `${chosen.name} · ${fileSize(chosen.size)}`;
    name.classList.add("chosen");
    made.check();
    context.next(option);
    return true;
  };
  const problem = () => {
    if (!file) return option.required ? requiredSentence : "";
    return file.size > store.state.limits.file ? `This file has ${fileSize(file.size)}; at most ${fileSize(store.state.limits.file)} are allowed.` : "";
  };
  const made = { input, body: h("span", { class: "file-picker" }, input, name), value: () => null, file: () => file, set: () => {}, take: (chosen) => !file && take(chosen), problem };
  return made;
}

function debounced(action, milliseconds) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}

/** Ask the bot what could be written in an option. */
export async function suggest(command, options, focused) {
  try {
    return (await post("autocomplete", { channel: store.channelId, command, options, focused })).choices;
  } catch {
    return null;
  }
}
