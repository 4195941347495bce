// The list of messages: who said what when, and what the bot is still working on.
import { Refused, post } from "./api.js";
import { attachmentViews } from "./attachments.js";
import { componentViews } from "./components.js";
import { avatar, byId, clockOf, dayOf, fullTime, h, messageTime } from "./dom.js";
import { embedView } from "./embeds.js";
import { inline, markdown } from "./markdown.js";
import { composer } from "./composer.js";
import { store } from "./store.js";

const EPHEMERAL = 64;
const LOADING = 128;
const LAYOUT = 1 << 15;
const MENU_COMMAND = 23;
const SAME_BREATH = 7 * 60 * 1000;

/** Draw the whole list, and show its end. */
export function drawMessages() {
  const list = byId("messages");
  const nodes = [];
  let former = null;
  for (const message of store.messages.values()) {
    nodes.push(messageView(message, former));
    former = message;
  }
  list.replaceChildren(...nodes, ...store.pending.filter((entry) => entry.channel === store.channelId).map(pendingView));
  showEnd();
}

/** Draw one message that is new or has changed. */
export function drawMessage(message) {
  const list = byId("messages");
  const former = list.querySelector(`[data-message-id="${message.id}"]`);
  const atEnd = isAtEnd();
  const before = [...store.messages.values()].filter((entry) => BigInt(entry.id) < BigInt(message.id)).at(-1);
  const view = messageView(message, before);
  if (former) {
    const focused = former.contains(document.activeElement) ? document.activeElement.dataset.customId : null;
    former.replaceWith(view);
    if (focused) view.querySelector(`[data-custom-id="${CSS.escape(focused)}"]`)?.focus();
  } else {
    const firstPending = list.querySelector(".pending");
    list.insertBefore(view, firstPending);
  }
  if (atEnd) showEnd();
}

export function removeMessage(id) {
  byId("messages").querySelector(`[data-message-id="${id}"]`)?.remove();
}

/** Show a command under way; returns what to call with news of it. */
export function addPending(title) {
  const entry = { channel: store.channelId, title, text: "Sending command…", failed: false, key: crypto.randomUUID() };
  store.pending.push(entry);
  const redraw = () => {
    const shown = byId("messages").querySelector(`[data-pending="${entry.key}"]`);
    if (!store.pending.includes(entry)) shown?.remove();
    else if (shown) shown.replaceWith(pendingView(entry));
    else if (entry.channel === store.channelId) byId("messages").append(pendingView(entry));
    showEnd();
  };
  redraw();
  return {
    say: (text) => (Object.assign(entry, { text }), redraw()),
    fail: (text) => (Object.assign(entry, { text, failed: true }), redraw()),
    done: () => (dropPending(entry), redraw()),
  };
}

function dropPending(entry) {
  store.pending = store.pending.filter((other) => other !== entry);
}

function pendingView(entry) {
  const dismiss = () => {
    dropPending(entry);
    byId("messages").querySelector(`[data-pending="${entry.key}"]`)?.remove();
  };
  return h(
    "li",
    { class: entry.failed ? "message pending failed" : "message pending", role: entry.failed ? "alert" : "status", data: { pending: entry.key } },
    usedLine(store.person, entry.title),
    avatar({ bot: true, id: store.state.bot.id }),
    h(
      "div",
      { class: "body" },
      header({ bot: true, username: "char-wgu", id: store.state.bot.id }, new Date()),
      h("div", { class: entry.failed ? "content error" : "content thinking" }, entry.text),
      entry.failed ? h("div", { class: "private-note" }, "Only you can see this · ", h("button", { class: "link", onclick: dismiss }, "Dismiss message")) : null,
    ),
  );
}

function messageView(message, former) {
  const date = new Date(message.timestamp);
  const reply = message.message_reference ? store.messages.get(message.message_reference.message_id) : null;
  const command = message.interaction_metadata?.name;
  const newDay = !former || dayOf(new Date(former.timestamp)) !== dayOf(date);
  const joined = !newDay && !message.message_reference && !command && former.author.id === message.author.id && date - new Date(former.timestamp) < SAME_BREATH && !((former.flags ^ message.flags) & EPHEMERAL);
  const classes = ["message", joined && "joined", message.flags & EPHEMERAL && "private", store.pings(message) && "pinged", newDay && "new-day"];
  return h(
    "li",
    {
      class: classes.filter(Boolean).join(" "),
      tabindex: "-1",
      "aria-label": `Message from ${nameOf(message.author)}`,
      data: {
        messageId: message.id,
        day: dayOf(date),
        private: String(Boolean(message.flags & EPHEMERAL)),
        pings: message.mentions.map((user) => user.id).join(" ") + (message.mention_everyone ? " everyone" : ""),
      },
    },
    newDay ? h("div", { class: "day", role: "separator" }, dayOf(date)) : null,
    command ? usedLine(message.interaction_metadata.user, message.type === MENU_COMMAND ? command : `/${command}`) : null,
    message.message_reference ? replyLine(reply) : null,
    joined ? h("time", { class: "side-time", datetime: message.timestamp }, clockOf(date)) : avatar(message.author),
    h("div", { class: "body" }, joined ? null : header(message.author, date), bodyOf(message)),
    actions(message),
  );
}

function bodyOf(message) {
  if (message.flags & LOADING) {
    return [h("div", { class: "content thinking", role: "status" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), "char-wgu is thinking…"), privateNote(message)];
  }
  const edited = message.edited_timestamp ? h("span", { class: "edited", title: fullTime(new Date(message.edited_timestamp)) }, " (edited)") : null;
  const failure = h("div", { class: "content error", role: "alert", hidden: true });
  const use = (facts, files) => useComponent(message, facts, files, failure);
  return [
    message.flags & LAYOUT ? null : contentOf(message.content, edited),
    message.embeds.map(embedView),
    message.flags & LAYOUT ? null : attachmentViews(message),
    componentViews(message, use),
    failure,
    privateNote(message),
  ];
}

/** The text; that it was edited stands behind its last words. */
function contentOf(content, edited) {
  if (!content && !edited) return null;
  const nodes = markdown(content);
  const last = nodes.at(-1);
  if (edited && last?.classList.contains("lines")) last.append(edited);
  else if (edited) nodes.push(edited);
  return h("div", { class: "content" }, nodes);
}

async function useComponent(message, facts, files, failure) {
  failure.hidden = true;
  try {
    const outcome = await post("components", { channel: message.channel_id, message: message.id, ...facts }, files);
    if (outcome.modal) composer.showModal(outcome);
    if (outcome.status === "failed") throw new Refused("This interaction failed");
  } catch (error) {
    const shown = byId("messages").querySelector(`[data-message-id="${message.id}"] .body > .error`) ?? failure;
    shown.textContent = error.message;
    shown.hidden = false;
  }
}

function header(author, date) {
  const name = h("span", { class: "name" }, nameOf(author));
  name.style.color = store.nameColor(author.id) ?? "";
  return h("div", { class: "header" }, name, author.bot ? h("span", { class: "badge" }, "APP") : null, h("time", { datetime: date.toISOString(), title: fullTime(date) }, messageTime(date)));
}

const nameOf = (user) => user.display_name || user.global_name || user.username;

function usedLine(user, title) {
  return h("div", { class: "used" }, avatar(user, 16), h("b", {}, nameOf(user)), " used ", h("span", { class: "mention" }, title));
}

function replyLine(message) {
  if (!message) return h("div", { class: "used" }, h("i", {}, "Original message was deleted"));
  const excerpt = message.content.split("\n")[0].slice(0, 100) || "Click to see attachment";
  return h("div", { class: "used" }, avatar(message.author, 16), h("b", {}, nameOf(message.author)), " ", h("span", { class: "excerpt" }, inline(excerpt)));
}

function privateNote(message) {
  if (!(message.flags & EPHEMERAL)) return null;
  return h("div", { class: "private-note" }, "Only you can see this · ", h("button", { class: "link", onclick: () => remove(message) }, "Dismiss message"));
}

function actions(message) {
  if (message.flags & (EPHEMERAL | LOADING)) return null;
  const menus = store.commands.filter((command) => command.type === 3);
  const mayDelete = store.channel.can_manage || message.author.id === store.personId;
  return h(
    "div",
    { class: "actions", role: "group", "aria-label": "Message actions" },
    menus.map((command) => h("button", { title: command.label, onclick: () => composer.useMenu(message, command) }, command.label)),
    store.channel.can_send ? h("button", { onclick: () => composer.replyTo(message) }, "Reply") : null,
    mayDelete ? h("button", { onclick: () => remove(message) }, "Delete") : null,
  );
}

function remove(message) {
  return post("delete", { channel: message.channel_id, message: message.id }).catch(() => {});
}

const isAtEnd = () => {
  const scroller = byId("scroller");
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
};

export function showEnd() {
  byId("scroller").scrollTop = byId("scroller").scrollHeight;
}
