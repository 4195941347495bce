// The page from start to end: reads where it is from the address, listens, and draws.
import { get, listen } from "./api.js";
import { composer } from "./composer.js";
import { byId } from "./dom.js";
import { dropTarget } from "./drop.js";
import { drawMessage, drawMessages, removeMessage } from "./messages.js";
import { drawFrame, drawPresence } from "./frame.js";
import { store } from "./store.js";

let hangUp = () => {};
/** What was heard while the channel was being read; told again once it is drawn. */
let early = null;

/** Show a channel as a person; the address remembers both. */
export async function visit(personId, channelId) {
  const other = personId !== store.personId;
  store.personId = personId;
  store.channelId = channelId;
  history.replaceState(null, "", `#${personId}/${channelId}`);
  if (other) {
    hangUp();
    hangUp = listen(personId, { onEvent: hear, onOpen: catchUp, onBreak: lost });
  } else {
    await showChannel();
  }
}

async function catchUp() {
  store.connected = true;
  early ??= [];
  store.state = await get("state");
  if (!store.guild) store.channelId = defaultChannel();
  await showChannel();
}

async function showChannel() {
  const shown = store.channelId;
  const place = `${store.personId}/${shown}`;
  early ??= [];
  store.unread.delete(shown);
  drawFrame(visit);
  const messages = await get("messages", { channel: shown });
  if (place !== `${store.personId}/${store.channelId}`) return;
  store.messages = new Map(messages.map((message) => [message.id, message]));
  drawMessages();
  const missed = early;
  early = null;
  missed.forEach(hear);
  composer.enter(place);
}

function defaultChannel() {
  const guild = store.state.guilds[0];
  return (guild.channels.find((channel) => channel.name === "bots") ?? guild.channels[0]).id;
}

function lost() {
  store.connected = false;
  if (store.state) drawPresence();
}

function hear(event) {
  if (early) {
    early.push(event);
  } else if (event.type === "presence") {
    store.state.bot.online = event.online;
    drawFrame(visit);
  } else if (event.type === "commands") {
    get("state").then((state) => {
      store.state = state;
      composer.refresh();
    });
  } else if (event.type === "typing") {
    composer.showTyping(event.channel_id);
  } else if (event.message.channel_id !== store.channelId) {
    if (event.type === "MESSAGE_CREATE") {
      store.unread.add(event.message.channel_id);
      drawFrame(visit);
    }
  } else if (event.type === "MESSAGE_DELETE") {
    store.messages.delete(event.message.id);
    removeMessage(event.message.id);
  } else {
    store.messages.set(event.message.id, event.message);
    if (event.message.author.bot) composer.hideTyping();
    drawMessage(event.message);
  }
}

async function start() {
  const [personId, channelId] = location.hash.slice(1).split("/");
  composer.mount(byId("composer"));
  dropTarget(document.querySelector("main"), (files) => composer.take(files));
  const known = /^\d{17,20}$/;
  await visit(known.test(personId) ? personId : "1100000000000000011", known.test(channelId) ? channelId : null);
}

addEventListener("hashchange", () => {
  const [personId, channelId] = location.hash.slice(1).split("/");
  if (personId !== store.personId || channelId !== store.channelId) visit(personId, channelId);
});

start();
