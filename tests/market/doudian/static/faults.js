// What the page's own script does wrong when the server's faults say so.

import { call, captcha, notice, safely, wait } from "/static/page.js";

// Spoil what stands on the page; `main` is the button that writes, null where there is none.
export function spoil(faults, main = null) {
  if ("popup" in faults) notice();
  if ("captcha_before" in faults) captcha();
  if ("renamed_label" in faults) rename(...String(faults.renamed_label).split("="));
  if (main && "second_button" in faults) main.after(twin(main));
  if (!main || !("hidden_twin" in faults)) return;
  const hidden = twin(main);
  hidden.style.display = "none";
  main.before(hidden);
}

function twin(main) {
  const made = main.cloneNode(true);
  made.removeAttribute("id");
  return made;
}

function rename(from, to) {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode;
    if (node.parentElement.tagName !== "SCRIPT") node.data = node.data.replaceAll(from, to);
  }
  for (const input of document.querySelectorAll("[placeholder]")) input.placeholder = input.placeholder.replaceAll(from, to);
}

// Send a write, spoiled: asked about, late, doubled, repeated. Null when the person said no.
export async function send(address, body, faults) {
  if ("browser_asks" in faults && !confirm(faults.browser_asks || "确定要继续吗？")) return null;
  if ("late_post" in faults) await wait(1000 * Number(faults.late_post || 3));
  if ("double_click" in faults) safely(call(address, body));
  let tries = "page_retry" in faults ? 3 : 0;
  let reply = await safely(call(address, body));
  for (; reply.code === -1 && tries > 0; tries -= 1) reply = await safely(call(address, body));
  return reply;
}

// On the ship page: the number changes under the pointer, as a page does that re-renders from an old answer.
export function swap(faults, main, change) {
  if (!("rerender_total" in faults)) return;
  main.addEventListener("pointerover", () => change(String(faults.rerender_total)), { once: true });
}
