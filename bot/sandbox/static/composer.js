// The bar at the bottom: messages, the list of commands after "/", and commands under way.
import { Refused, post } from "./api.js";
import { CommandForm, typedCommands, typedOptions } from "./command_form.js";
import { fileSize, h } from "./dom.js";
import { completeName, peopleCalled, typedName, withMentions } from "./mentions.js";
import { addPending } from "./messages.js";
import { showModal } from "./modal.js";
import { store } from "./store.js";
import { Suggestions } from "./suggestions.js";

const HINT_SEEN = "sandbox-hint-seen";
const TYPING_MILLISECONDS = 10_000;

class Composer {
  #files = [];
  #reply = null;
  /** Whether the reply pings whom it answers. */
  #pings = true;
  #form = null;

  mount(root) {
    this.root = root;
    this.field = h("textarea", { rows: 1, "aria-label": "Message", autocomplete: "off", maxlength: 4000, oninput: () => this.#onInput(), onkeydown: (event) => this.#onKey(event), onpaste: (event) => event.clipboardData.files.length && this.take([...event.clipboardData.files]) });
    this.commands = new Suggestions(this.field, { title: "Commands", pick: (item) => item.pick() });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => (this.take([...this.picker.files]), (this.picker.value = "")) });
    this.attachments = h("ul", { class: "attached", "aria-label": "Attached files" });
    this.replying = h("div", { class: "replying" });
    this.error = h("div", { class: "composer-error", role: "alert" });
    this.hint = h("div", { class: "first-hint" });
    this.typing = h("div", { class: "typing", role: "status" });
    this.bar = h(
      "div",
      { class: "bar" },
      this.picker,
      h("button", { class: "attach", type: "button", "aria-label": "Attach a file", onclick: () => this.picker.click() }, "+"),
      this.field,
    );
    root.append(this.hint, this.error, this.commands.root, this.replying, this.attachments, this.bar, this.typing);
  }

  /** Come to a place, a person's channel; what was begun there before a break stays. */
  enter(place) {
    if (this.place === place) return this.refresh();
    this.place = place;
    this.reset();
    this.focus();
  }

  /** Start anew. */
  reset() {
    this.#close();
    this.#files = [];
    this.#reply = null;
    this.error.textContent = "";
    this.field.value = "";
    this.hideTyping();
    this.#draw();
  }

  focus() {
    if (store.channel.can_send) (this.#form ?? this.field).focus();
  }

  /** The commands have changed. */
  refresh() {
    this.#draw();
    if (this.commands.open) this.#onInput();
  }

  /** Take files that were dropped, pasted or picked. */
  take(files) {
    const left = this.#form ? this.#form.take(files) : files;
    if (!this.#form) this.#files.push(...left);
    this.#draw();
  }

  replyTo(message) {
    this.#close();
    this.#reply = message;
    this.#pings = true;
    this.#draw();
    this.field.focus();
  }

  useMenu(message, command) {
    this.#invoke(command.label, () => post("menus", { channel: message.channel_id, message: message.id, command: command.name }));
  }

  showModal(outcome) {
    showModal(outcome, (answer) => this.showModal(answer));
  }

  showTyping(channelId) {
    if (channelId !== store.channelId) return;
    this.typing.textContent = "char-wgu is typing…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_MILLISECONDS);
  }

  hideTyping() {
    this.typing.textContent = "";
  }

  #onInput() {
    this.error.textContent = "";
    this.field.rows = Math.min(12, this.field.value.split("\n").length);
    const typed = /^\/([^\n]*)$/.exec(this.field.value)?.[1];
    if (typed === undefined) return this.#suggestPeople();
    const all = typedCommands(store.commands);
    const complete = all.find((command) => typed.startsWith(`${command.path} `));
    if (complete) return this.#open(complete, typedOptions(complete, typed.slice(complete.path.length)));
    const fitting = all.filter((command) => command.path.includes(typed.toLowerCase()));
    const note = store.state.bot.online ? "No command fits" : "The bot is offline";
    this.commands.show(fitting.map((command) => ({ label: `/${command.path}`, detail: command.options.map((option) => option.name).join("  "), description: command.description, pick: () => this.#open(command) })), { note });
  }

  #suggestPeople() {
    const beginning = typedName(this.field);
    const people = beginning === null ? [] : peopleCalled(beginning);
    if (!people.length) return this.commands.hide();
    this.commands.show(people.map((person) => ({ label: person.display_name, description: person.part, pick: () => completeName(this.field, person) })), { title: "People" });
  }

  #onKey(event) {
    if (this.commands.offers) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#say();
    } else if (event.key === "Escape" && this.#reply) {
      this.#reply = null;
      this.#draw();
    }
  }

  #open(command, prefill = {}) {
    this.#close();
    this.#seen();
    this.field.value = "";
    this.commands.hide();
    this.#form = new CommandForm(command, {
      prefill,
      send: (...filledIn) => this.#send(...filledIn),
      cancel: () => (this.#close(), this.#draw(), this.field.focus()),
    });
    this.bar.replaceWith(this.#form.root);
    if (this.#files.length) this.#files = this.#form.take(this.#files);
    this.#draw();
    this.#form.focus();
  }

  #close() {
    if (this.#form) this.#form.root.replaceWith(this.bar);
    this.#form = null;
  }

  #send(command, options, files) {
    const facts = { channel: store.channelId, command: command.path, options };
    const form = this.#form;
    this.#close();
    this.#draw();
    this.field.focus();
    this.#invoke(`/${command.path}`, (onProgress) => post("commands", facts, files, onProgress), form);
  }

  async #invoke(title, act, form = null) {
    const pending = addPending(title);
    try {
      const outcome = await act((share) => share < 1 && pending.say(`Uploading… ${Math.round(share * 100)} %`));
      if (outcome.status === "failed") return pending.fail("The application did not respond");
      pending.done();
      if (outcome.modal) this.showModal(outcome);
    } catch (error) {
      pending.done();
      this.error.textContent = error.message;
      if (form && !this.#form) {
        this.#form = form;
        this.bar.replaceWith(form.root);
        form.focus();
      }
    }
  }

  async #say() {
    const content = withMentions(this.field.value);
    const facts = { channel: store.channelId, content, reply_to: this.#reply?.id ?? null, ping: this.#pings };
    if (!content.trim() && !this.#files.length) return;
    try {
      if (content.length > store.state.limits.content) throw new Refused(`Messages may have at most ${store.state.limits.content} characters; there are ${content.length}.`);
      await post("messages", facts, this.#files.map((file) => ["file", file]));
      this.reset();
    } catch (error) {
      this.error.textContent = error.message;
    }
  }

  #draw() {
    const allowed = store.channel.can_send;
    this.field.disabled = !allowed;
    this.field.placeholder = allowed ? `Message #${store.channel.name}` : "You do not have permission to send messages in this channel.";
    this.field.setAttribute("aria-label", `Message #${store.channel.name}`);
    this.attachments.replaceChildren(
      ...this.#files.map((file) => {
        const drop = () => ((this.#files = this.#files.filter((other) => other !== file)), this.#draw());
        return h("li", {}, h("span", {}, file.name), h("small", {}, fileSize(file.size)), h("button", { "aria-label": `Remove ${file.name}`, onclick: drop }, "×"));
      }),
    );
    const stop = () => ((this.#reply = null), this.#draw());
    const ping = h("button", { class: "ping", "aria-pressed": String(this.#pings), title: "Whether the reply pings", onclick: () => ((this.#pings = !this.#pings), this.#draw()) }, this.#pings ? "@ ON" : "@ OFF");
    this.replying.replaceChildren(...(this.#reply ? ["Replying to ", h("b", {}, store.personName(this.#reply.author.id)), ping, h("button", { "aria-label": "Stop replying", onclick: stop }, "×")] : []));
    this.#drawHint();
  }

  #drawHint() {
    const wanted = !localStorage.getItem(HINT_SEEN) && !this.#form && typedCommands(store.commands).length > 0;
    const train = typedCommands(store.commands).find((command) => command.path === "train");
    this.hint.hidden = !wanted;
    if (!wanted) return;
    const what = train ? ["New here? Type ", h("code", {}, "/train"), " and attach a text. When it has learned, ", h("code", {}, "/generate"), " writes like it."] : ["New here? Type ", h("code", {}, "/"), " to see what the bot can do."];
    const start = train ? h("button", { class: "button primary", onclick: () => this.#open(train) }, "Try /train") : null;
    this.hint.replaceChildren(h("span", {}, what), start, h("button", { class: "quiet", "aria-label": "Hide this hint", onclick: () => (this.#seen(), this.#draw()) }, "×"));
  }

  #seen() {
    localStorage.setItem(HINT_SEEN, "yes");
  }
}

export const composer = new Composer();
