// An embed as Discord draws it: a card with a colored edge.
import { picture } from "./attachments.js";
import { h, messageTime } from "./dom.js";
import { inline, markdown } from "./markdown.js";

export function embedView(embed) {
  const card = h(
    "article",
    { class: "embed" },
    h(
      "div",
      { class: "embed-text" },
      embed.author ? h("div", { class: "embed-author" }, linked(embed.author.url, embed.author.name)) : null,
      embed.title ? h("div", { class: "embed-title" }, linked(embed.url, inline(embed.title))) : null,
      embed.description ? h("div", { class: "embed-description" }, markdown(embed.description)) : null,
      embed.fields?.length ? h("div", { class: "embed-fields" }, embed.fields.map(field)) : null,
    ),
    embed.thumbnail ? h("div", { class: "embed-thumbnail" }, picture(embed.thumbnail.url)) : null,
    embed.image ? h("div", { class: "embed-image" }, picture(embed.image.url)) : null,
    footer(embed),
  );
  if (embed.color) card.style.borderColor = `#${embed.color.toString(16).padStart(6, "0")}`;
  return card;
}

function field(entry) {
  return h("div", { class: entry.inline ? "embed-field inline" : "embed-field" }, h("b", {}, inline(entry.name)), h("div", {}, markdown(entry.value)));
}

function footer(embed) {
  const parts = [embed.footer?.text, embed.timestamp ? messageTime(new Date(embed.timestamp)) : null].filter(Boolean);
  return parts.length ? h("footer", {}, parts.join(" • ")) : null;
}

function linked(url, children) {
  if (!/^https?:\/\//.test(url || "")) return children;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}
