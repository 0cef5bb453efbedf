// What every page does: elements, questions to the server and what it may answer instead, notices, layers, hashed classes.

export const page = JSON.parse(document.getElementById("page-data")?.textContent || "{}");
export const tricks = page.tricks || {};
export const app = document.getElementById("app");

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const yuan = (fen) => `${fen < 0 ? "-" : ""}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
export const offerAt = (number) => `${page.hosts.detail}/offer/${number}.html`;

// Class names as CSS modules make them: another tail after every release of the page, here after every seed.
export function hashed(name) {
  let sum = page.seed * 7919 + 17;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  return `${name}--${sum.toString(36).slice(-5)}`;
}

// Asks the server. A lost sign-in and a slider are dealt with here; all else comes back.
export async function ask(path, body) {
  const told = body ? { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {};
  const response = await fetch(path, told);
  if (!response.ok) throw new Error(String(response.status));
  return settled(await response.json());
}

export async function settled(answer) {
  if (answer.ret === "FAIL_SYS_SESSION_EXPIRED") {
    location.href = `${answer.to}?Done=${encodeURIComponent(location.href)}`;
    return new Promise(() => {});
  }
  return answer.ret === "FAIL_SYS_USER_VALIDATE" ? settled(await slider(answer.to)) : answer;
}

// The slider in a frame over the page; what was asked for is answered once it is solved.
function slider(address) {
  const frame = el("iframe", { id: "baxia-dialog-content", src: address, title: "滑块验证" });
  const mask = el("div", { class: "baxia-dialog" }, el("div", { class: "baxia-dialog-box" }, frame));
  document.body.append(mask);
  return new Promise((solved) => {
    addEventListener("message", function heard(event) {
      if (event.source !== frame.contentWindow) return;
      removeEventListener("message", heard);
      mask.remove();
      solved(event.data);
    });
  });
}

// A layer over the page as AntD draws it. Two Han characters on a button get a space between them.
export function layer(title, body, ...buttons) {
  const shut = () => root.remove();
  const foot = buttons.map(([words, kind, pressed]) => {
    const button = el("button", { type: "button", class: `ant-btn ant-btn-${kind}`, onclick: () => pressed(shut, button) }, el("span", {}, words));
    return button;
  });
  const close = el("button", { type: "button", class: "ant-modal-close", "aria-label": "Close", onclick: shut }, "×");
  const root = el("div", { class: "ant-modal-root" }, el("div", { class: "ant-modal-mask" }),
    el("div", { class: "ant-modal-wrap" }, el("div", { class: "ant-modal", role: "dialog", "aria-modal": "true" },
      el("div", { class: "ant-modal-content" }, close, el("div", { class: "ant-modal-header" }, el("div", { class: "ant-modal-title" }, title)),
        el("div", { class: "ant-modal-body" }, body), el("div", { class: "ant-modal-footer" }, foot)))));
  document.body.append(root);
  return shut;
}

// A word at the top that is gone after three seconds.
export function toast(words) {
  const holder = document.querySelector(".ant-message") || document.body.appendChild(el("div", { class: "ant-message" }));
  const one = el("div", { class: "ant-message-notice" }, el("div", { class: "ant-message-notice-content" }, words));
  holder.append(one);
  setTimeout(() => one.remove(), 3000);
}

export const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// One text that stands alone reads otherwise, as "old=new" says.
export function renamed(root) {
  if (!("renamed_label" in tricks)) return;
  const [before, after] = String(tricks.renamed_label).split("=");
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (walk.currentNode.data.trim().replace(/[：:]$/, "") === before) walk.currentNode.data = after;
}

if (page.notice !== null && page.notice !== undefined) {
  setTimeout(() => {
    const close = el("a", { class: "popup-close", title: "关闭", onclick: () => mask.remove() }, "×");
    const mask = el("div", { class: "popup-layer" }, el("div", { class: "popup-box" }, close, el("b", {}, "采购节红包"),
      el("p", {}, "双12 采购节：满 500 减 30，会场红包每日 10 点开抢。"), el("span", { class: "popup-go" }, "立即领取")));
    document.body.append(mask);
  }, page.notice);
}
