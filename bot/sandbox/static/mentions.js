// Mentions as people type them, "@Ada", and as messages carry them, "<@11…>".
import { store } from "./store.js";

/** The beginning of a name that is being typed behind an @, or null. */
export function typedName(field) {
  return /(?:^|\s)@([\p{L}\p{N}_-]*)$/u.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}

/** Those whom the beginning of a name may mean. */
export function peopleCalled(beginning) {
  return members().filter((person) => person.display_name.toLowerCase().startsWith(beginning.toLowerCase()));
}

/** Put a person's name in the place of its beginning before the caret. */
export function completeName(field, person) {
  const end = field.selectionStart;
  const start = field.value.lastIndexOf("@", end - 1);
  field.setRangeText(`@${person.display_name} `, start, end, "end");
}

/** A typed text as a message carries it. */
export function withMentions(text) {
  const longestFirst = members().sort((a, b) => b.display_name.length - a.display_name.length);
  return longestFirst.reduce((said, person) => said.replace(called(person), `<@${person.id}>`), text);
}

const called = (person) => new RegExp(`@${escaped(person.display_name)}(?![\\p{L}\\p{N}_-])`, "giu");
const escaped = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const members = () => store.state.people.filter((person) => person.id in store.guild.members);
