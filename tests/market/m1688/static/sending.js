// Sends a write, with the pranks that real pages play: again when there is no answer, twice, late, when the page is left.

import { ask, later, settled } from "./common.js";

async function insist(path, body, seconds, left) {
  const given_up = new AbortController();
  const timer = setTimeout(() => given_up.abort(), 1000 * seconds);
  try {
    return await (await fetch(path, { ...body, signal: given_up.signal })).json();
  } catch (error) {
    if (left > 0) return insist(path, body, seconds, left - 1);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

export async function send(path, sent, tricks) {
  const body = { method: "POST", body: JSON.stringify(sent), headers: { "content-type": "application/json" } };
  if ("leaving_post" in tricks) {
    addEventListener("pagehide", () => navigator.sendBeacon(path, body.body));
    return new Promise(() => {});
  }
  if ("late_post" in tricks) await later(1000 * (Number(tricks.late_post) || 3));
  if ("double_click" in tricks) fetch(path, { ...body, keepalive: true });
  return "page_retry" in tricks ? settled(await insist(path, body, Number(tricks.page_retry) || 0.4, 3)) : ask(path, sent);
}
