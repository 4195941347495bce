// Buttons, menus and layouts of a message. `use({custom_id, values})` tells the bot.
import { fileCard, local, picture } from "./attachments.js";
import { h } from "./dom.js";
import { markdown } from "./markdown.js";
import { selectMenu } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary", 6: "primary" };

export function componentViews(message, use) {
  return message.components.map((component) => view(component, message, use));
}

function view(component, message, use) {
  const inner = (children) => (children || []).map((child) => view(child, message, use));
  switch (component.type) {
    case 1:
      return h("div", { class: "row" }, inner(component.components));
    case 2:
      return button(component, use);
    case 3: case 5: case 6: case 7: case 8:
      return selectMenu(component, (values) => use({ custom_id: component.custom_id, values }));
    case 9:
      return h("div", { class: "section" }, h("div", {}, inner(component.components)), inner([component.accessory]));
    case 10:
      return h("div", { class: "content" }, markdown(component.content));
    case 11:
      return h("div", { class: "thumbnail" }, hideable(component.spoiler, picture(component.media.url, component.description || "")));
    case 12:
      return h("div", { class: "gallery" }, component.items.map((item) => hideable(item.spoiler, picture(item.media.url, item.description || ""))));
    case 13:
      return hideable(component.spoiler, fileCard(fileOf(component, message)));
    case 14:
      return h("hr", { class: [component.divider === false && "blank", component.spacing === 2 && "wide"].filter(Boolean).join(" ") });
    case 17:
      return container(component, inner(component.components));
    default:
      return h("div", { class: "unknown" }, `Component of type ${component.type}`);
  }
}

function button(component, use) {
  const label = [component.emoji ? h("span", { class: "emoji" }, component.emoji.id ? `:${component.emoji.name}:` : component.emoji.name) : null, component.label];
  const classes = `button ${STYLES[component.style]}`;
  if (component.url) return h("a", { class: classes, href: /^https?:/.test(component.url) ? component.url : null, target: "_blank", rel: "noopener noreferrer" }, label, h("span", { "aria-hidden": "true" }, " ↗"));
  const press = async (event) => {
    const pressed = event.currentTarget;
    pressed.classList.add("busy");
    await use({ custom_id: component.custom_id });
    pressed.classList.remove("busy");
  };
  return h("button", { class: classes, disabled: component.disabled === true, data: { customId: component.custom_id ?? "" }, onclick: press }, label);
}

function container(component, children) {
  const card = h("div", { class: "container" }, children);
  if (component.accent_color !== null && component.accent_color !== undefined) {
    card.classList.add("accented");
    card.style.borderColor = `#${component.accent_color.toString(16).padStart(6, "0")}`;
  }
  return hideable(component.spoiler, card);
}

function hideable(hidden, node) {
  if (!hidden) return node;
  const cover = h("button", { class: "cover", "aria-label": "Show spoiler", onclick: () => cover.replaceWith(node) }, "SPOILER");
  return cover;
}

function fileOf(component, message) {
  const address = local(component.file.url);
  return message.attachments.find((file) => local(file.url) === address) ?? { filename: "file", size: 0, url: component.file.url };
}
