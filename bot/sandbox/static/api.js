// The page's own interface under /page/; bot/sandbox/page_api.py describes it.
import { store } from "./store.js";

/** An error with a sentence for the person. */
export class Refused extends Error {}

export async function get(path, query = {}) {
  const parameters = new URLSearchParams({ person: store.personId, ...query });
  const response = await fetch(`/page/${path}?${parameters}`);
  const body = await response.json();
  if (!response.ok) throw new Refused(body.error);
  return body;
}

/** Send facts, and files as [name, file] pairs; onProgress hears how much is sent, 0 to 1. */
export function post(path, facts, files = [], onProgress = null) {
  const form = new FormData();
  form.append("payload_json", JSON.stringify({ person: store.personId, ...facts }));
  for (const [name, file] of files) form.append(name, file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/page/${path}`);
    request.responseType = "json";
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Refused("The sandbox cannot be reached."));
    request.onload = () => {
      const body = request.response || {};
      if (request.status === 200) resolve(body);
      else reject(new Refused(body.error || "Something went wrong."));
    };
    request.send(form);
  });
}

/** Listen to what happens; comes back after a break, until closed. */
export function listen(person, { onEvent, onOpen, onBreak }) {
  let socket = null;
  let closed = false;
  const open = () => {
    socket = new WebSocket(`ws://${location.host}/page/events?person=${person}`);
    socket.onmessage = (frame) => {
      const event = JSON.parse(frame.data);
      if (event.type === "hello") onOpen();
      else onEvent(event);
    };
    socket.onclose = () => {
      if (closed) return;
      onBreak();
      setTimeout(open, 1000);
    };
  };
  open();
  return () => {
    closed = true;
    socket.close();
  };
}
