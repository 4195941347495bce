// Everything around the messages: servers, channels, who you are, members, the header.
import { avatar, byId, h } from "./dom.js";
import { store } from "./store.js";

/** Draw all of it; `visit(person, channel)` is called to go somewhere else. */
export function drawFrame(visit) {
  keepingFocus(() => {
    byId("guilds").replaceChildren(...store.state.guilds.map((guild) => guildButton(guild, visit)));
    byId("guild-name").textContent = store.guild.name;
    byId("channels").replaceChildren(...store.guild.channels.map((channel) => channelButton(channel, visit)));
    byId("people").replaceChildren(...whoYouAre(visit));
  });
  byId("channel-name").textContent = store.channel.name;
  byId("channel-topic").textContent = store.channel.topic;
  byId("members").replaceChildren(...members());
  byId("welcome").replaceChildren(...welcome());
  document.title = `#${store.channel.name} · ${store.guild.name} · Sandbox`;
  drawPresence();
}

export function drawPresence() {
  const online = store.state.bot.online;
  const text = !store.connected ? "Reconnecting…" : online ? "char-wgu is online" : "char-wgu is offline";
  byId("presence").className = store.connected && online ? "online" : "offline";
  byId("presence").textContent = text;
}

/** Draw, and give the focus back to what replaced the focused element. */
function keepingFocus(draw) {
  const key = document.activeElement?.dataset?.key;
  draw();
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function guildButton(guild, visit) {
  const here = guild === store.guild;
  const initials = guild.name.split(" ").map((word) => word[0]).join("");
  const unread = guild.channels.some((channel) => store.unread.has(channel.id));
  return h(
    "button",
    {
      class: ["guild", here && "here", unread && "unread"].filter(Boolean).join(" "),
      "aria-label": guild.name,
      "aria-current": here ? "true" : null,
      title: guild.name,
      data: { key: `guild-${guild.id}` },
      onclick: () => here || visit(store.personId, (guild.channels.find((channel) => channel.name === store.channel.name) ?? guild.channels[0]).id),
    },
    initials,
  );
}

function channelButton(channel, visit) {
  const here = channel.id === store.channelId;
  return h(
    "button",
    {
      class: ["channel", here && "here", store.unread.has(channel.id) && "unread"].filter(Boolean).join(" "),
      "aria-current": here ? "page" : null,
      data: { key: `channel-${channel.id}` },
      onclick: () => visit(store.personId, channel.id),
    },
    h("span", { class: "hash", "aria-hidden": "true" }, "#"),
    channel.name,
    channel.bot_can_send ? null : h("span", { class: "muted-channel", title: "The bot may not speak here" }, "bot muted"),
  );
}

function whoYouAre(visit) {
  const people = store.state.people.filter((person) => !person.bot);
  return [
    h("h3", { id: "you-are" }, "You are"),
    h(
      "div",
      { class: "persons", role: "radiogroup", "aria-labelledby": "you-are" },
      people.map((person) => personButton(person, people, visit)),
    ),
  ];
}

function personButton(person, people, visit) {
  const here = person.id === store.personId;
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = people[(people.indexOf(person) + step + people.length) % people.length];
    document.querySelector(`[data-key="person-${next.id}"]`).focus();
    visit(next.id, store.channelId);
  };
  return h(
    "button",
    {
      class: here ? "person here" : "person",
      role: "radio",
      "aria-checked": String(here),
      "aria-label": `${person.display_name}, ${person.part}`,
      tabindex: here ? "0" : "-1",
      data: { key: `person-${person.id}` },
      onclick: () => here || visit(person.id, store.channelId),
      onkeydown: move,
    },
    avatar(person, 32),
    h("span", {}, h("b", {}, person.display_name), h("small", {}, person.part)),
  );
}

function members() {
  const entry = (person) => {
    const away = person.bot && !store.state.bot.online;
    const name = h("span", {}, person.display_name);
    name.style.color = store.nameColor(person.id) ?? "";
    return h("li", { class: away ? "member away" : "member" }, avatar(person, 32), name, person.bot ? h("span", { class: "badge" }, "APP") : null);
  };
  return [
    h("h3", {}, `Members — ${store.state.people.length}`),
    h("ul", {}, store.state.people.map(entry)),
  ];
}

function welcome() {
  return [
    h("div", { class: "welcome-icon", "aria-hidden": "true" }, "#"),
    h("h3", {}, `Welcome to #${store.channel.name}!`),
    h("p", {}, `This is the start of the #${store.channel.name} channel. ${store.channel.topic}.`),
  ];
}
