// Discord's Markdown as nodes: blocks line by line, then marks inside each.
import { clockOf, dayOf, fromNow, fullTime, h } from "./dom.js";
import { store } from "./store.js";

/** The nodes of a text. */
export function markdown(text) {
  const nodes = [];
  const fence = /```(?:([\w+#.-]+)\n)?\n?([\s\S]*?)\n?```/g;
  let last = 0;
  const between = (from, to) => (from ? text.slice(from, to).replace(/^\n/, "") : text.slice(0, to)); // a fence swallows the line break behind it
  for (let found; (found = fence.exec(text)); last = fence.lastIndex) {
    nodes.push(...blocks(between(last, found.index).replace(/\n$/, "")));
    nodes.push(h("pre", {}, h("code", found[1] ? { class: `language-${found[1]}` } : {}, found[2])));
  }
  nodes.push(...blocks(between(last)));
  return nodes;
}

function blocks(text) {
  if (!text) return [];
  const nodes = [];
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) nodes.push(h("div", { class: "lines" }, inline(plain.join("\n"))));
    plain = [];
  };
  while (lines.length) {
    const line = lines[0];
    let found;
    if ((found = /^(#{1,3}) +(.+)/.exec(line))) {
      flush();
      nodes.push(h("div", { role: "heading", "aria-level": String(found[1].length + 2), class: `heading-${found[1].length}` }, inline(found[2])));
      lines.shift();
    } else if ((found = /^-# +(.+)/.exec(line))) {
      flush();
      nodes.push(h("small", { class: "subtext" }, inline(found[1])));
      lines.shift();
    } else if (line.startsWith(">>> ")) {
      flush();
      nodes.push(h("blockquote", {}, blocks([line.slice(4), ...lines.splice(1)].join("\n"))));
      lines.shift();
    } else if (/^> /.test(line) || line === ">") {
      flush();
      const quoted = takeWhile(lines, (entry) => /^> /.test(entry) || entry === ">");
      nodes.push(h("blockquote", {}, blocks(quoted.map((entry) => entry.slice(2)).join("\n"))));
    } else if ((found = /^ *(?:[-*]|(\d+)\.) +/.exec(line))) {
      flush();
      nodes.push(list(lines, Boolean(found[1])));
    } else {
      plain.push(lines.shift());
    }
  }
  flush();
  return nodes;
}

function list(lines, ordered) {
  const item = ordered ? /^ *(\d+)\. +(.*)/ : /^( *)[-*] +(.*)/;
  const entries = takeWhile(lines, (line) => item.test(line)).map((line) => item.exec(line));
  const items = entries.map((found) => h("li", !ordered && found[1].length >= 2 ? { class: "deeper" } : {}, inline(found[2])));
  return ordered ? h("ol", { start: entries[0][1] }, items) : h("ul", {}, items);
}

function takeWhile(lines, accepts) {
  const taken = [];
  while (lines.length && accepts(lines[0])) taken.push(lines.shift());
  return taken;
}

const RULES = [
  [/\\([^\p{L}\p{N}\s])/uy, (found) => found[1]],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (found) => h("code", {}, found[2].trim() || found[2])],
  [/\*\*\*([\s\S]+?)\*\*\*(?!\*)/y, (found) => h("em", {}, h("strong", {}, inline(found[1])))],
  [/\*\*([\s\S]+?)\*\*(?!\*)/y, (found) => h("strong", {}, inline(found[1]))],
  [/__([\s\S]+?)__(?!_)/y, (found) => h("u", {}, inline(found[1]))],
  [/~~([\s\S]+?)~~/y, (found) => h("s", {}, inline(found[1]))],
  [/\|\|([\s\S]+?)\|\|/y, (found) => spoiler(inline(found[1]))],
  [/\*(?=\S)((?:\*\*|[^*])+?)\*(?!\*)/y, (found) => h("em", {}, inline(found[1]))],
  [/_((?:__|[^_])+?)_(?![\p{L}\p{N}_])/uy, (found) => h("em", {}, inline(found[1]))],
  [/<@!?(\d+)>/y, (found) => mention(`@${store.personName(found[1])}`, found[1] === store.personId)],
  [/<@&(\d+)>/y, (found) => mention(`@${store.roleName(found[1])}`)],
  [/<#(\d+)>/y, (found) => mention(`#${store.channelName(found[1])}`)],
  [/@(everyone|here)\b/y, (found) => mention(found[0])],
  [/<\/([^:>]+):\d+>/y, (found) => mention(`/${found[1]}`)],
  [/<a?:(\w+):\d+>/y, (found) => `:${found[1]}:`],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (found) => timestamp(Number(found[1]), found[2])],
  [/\[([^\]\n]+)\]\((<)?(https?:\/\/[^\s)>]+)>?(?: "[^"]*")?\)/y, (found) => link(found[3], inline(found[1]))],
  [/<(https?:\/\/[^\s>]+)>/y, (found) => link(found[1], found[1])],
  [/https?:\/\/[^\s<]+[^\s<.,:;"')\]]/y, (found) => link(found[0], found[0])],
];

/** The nodes of a line or paragraph. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const made = /[\\`*_~|<@[h]/.test(text[at]) ? matched(text, at) : null;
    if (made) {
      if (plain) nodes.push(plain);
      plain = "";
      nodes.push(made.node);
      at = made.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function matched(text, at) {
  const insideWord = at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]);
  for (const [pattern, make] of RULES) {
    if (insideWord && (text[at] === "h" || (text[at] === "_" && text[at + 1] !== "_"))) continue;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { node: make(found), end: at + found[0].length };
  }
  return null;
}

const mention = (name, own = false) => h("span", { class: own ? "mention own" : "mention" }, name);

function link(url, children) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", title: url }, children);
}

function spoiler(children) {
  const reveal = () => {
    span.classList.add("revealed");
    span.setAttribute("aria-expanded", "true");
  };
  const onkeydown = (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), reveal());
  const span = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler", "aria-expanded": "false", onclick: reveal, onkeydown }, h("span", {}, children));
  return span;
}

function timestamp(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `<t:${seconds}>`;
  const text = { t: clockOf, T: clockOf, d: (day) => day.toLocaleDateString("en"), D: dayOf, R: fromNow, F: fullTime }[style] || ((day) => `${dayOf(day)} ${clockOf(day)}`);
  return h("time", { datetime: date.toISOString(), title: fullTime(date), class: "timestamp" }, text(date));
}
