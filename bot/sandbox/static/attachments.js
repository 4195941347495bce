// Files of a message: pictures to see, everything else to download.
import { fileSize, h } from "./dom.js";

const PICTURE = /^image\/(png|jpeg|gif|webp)/;

/** The address of a file here, whatever host the bot was told. */
export function local(url) {
  const parsed = new URL(url, location.href);
  return parsed.pathname.startsWith("/attachments/") ? parsed.pathname : null;
}

/** The files of a message that no embed shows already. */
export function attachmentViews(message) {
  const shown = JSON.stringify(message.embeds);
  return message.attachments.filter((file) => !shown.includes(file.url)).map((file) => (PICTURE.test(file.content_type || "") ? picture(file.url, file.description || file.filename) : fileCard(file)));
}

/** A picture of the sandbox; one from elsewhere stays a link, for nothing outside is loaded. */
export function picture(url, description = "") {
  const address = local(url);
  if (!address) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "outside" }, url);
  return h("a", { href: address, download: "", class: "picture" }, h("img", { src: address, alt: description, loading: "lazy" }));
}

export function fileCard(file) {
  return h(
    "div",
    { class: "file", data: { filename: file.filename } },
    h("span", { class: "file-icon", "aria-hidden": "true" }, "🗎"),
    h("span", { class: "file-facts" }, h("a", { href: local(file.url), download: file.filename }, file.filename), h("small", {}, fileSize(file.size))),
    h("a", { href: local(file.url), download: file.filename, class: "download", "aria-label": `Download ${file.filename}` }, "⤓"),
  );
}
