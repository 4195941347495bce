// Building the page from nodes. Text from people and bots only ever becomes text nodes.

/** An element: `h("button", {class: "wide", onclick: send}, "Send")`. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

const PALETTE = ["#5865f2", "#eb459e", "#3ba55d", "#faa61a", "#ed4245", "#00a8fc"];

/** A round picture with the first letter of a name. */
export function avatar(user, size = 40) {
  const name = user.display_name || user.global_name || user.username || user.name;
  const picture = h("span", { class: user.bot ? "avatar bot" : "avatar", "aria-hidden": "true" }, user.bot ? "" : name[0]);
  picture.style.background = user.bot ? "" : PALETTE[Number(BigInt(user.id) % BigInt(PALETTE.length))];
  picture.style.setProperty("--size", `${size}px`);
  return picture;
}

export function fileSize(bytes) {
  const units = ["bytes", "KB", "MB", "GB"];
  let power = 0;
  for (; bytes >= 1024 && power < units.length - 1; power += 1) bytes /= 1024;
  return `${power ? bytes.toFixed(bytes < 10 ? 2 : 1) : bytes} ${units[power]}`;
}

const clock = new Intl.DateTimeFormat("en", { hour: "numeric", minute: "2-digit" });
const longDate = new Intl.DateTimeFormat("en", { dateStyle: "long" });
const shortDate = new Intl.DateTimeFormat("en", { dateStyle: "short" });
const full = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" });

export const dayOf = (date) => longDate.format(date);
export const clockOf = (date) => clock.format(date);
export const fullTime = (date) => full.format(date);

/** The time of a message: "Today at 9:41 AM". */
export function messageTime(date) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return `Today at ${clock.format(date)}`;
  if (days === 1) return `Yesterday at ${clock.format(date)}`;
  return `${shortDate.format(date)} ${clock.format(date)}`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const SPANS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

/** A moment as far from now: "in 5 minutes". */
export function fromNow(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const [unit, span] = SPANS.find(([, length]) => Math.abs(seconds) >= length) || SPANS.at(-1);
  return relative.format(Math.trunc(seconds / span), unit);
}
