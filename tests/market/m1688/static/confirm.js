// The confirm page: drawn anew whenever the address changes; each seller with its message; the one button that orders.

import { app, ask, el, later, offerAt, page, renamed, settled, tricks, yuan } from "./common.js";
import { chooseAddress } from "./address.js";
import "./q.js";

Object.assign(tricks, page.values.tricks);
const key = page.values.key;
const messages = {};
let saving = Promise.resolve();
let insurance = 0;
let told;

const button = () => [...document.querySelectorAll("q-button[type=primary]")];
const busy = (on) => button().forEach((one) => one.setAttribute("loading", String(on)));

function address(one) {
  return el("div", { class: "address-container" }, el("div", { class: "block-title" }, "收货地址"),
    el("div", { class: "address-current" }, el("span", { class: "address-name" }, one.name), el("span", { class: "address-phone" }, one.phone),
      el("span", { class: "address-place" }, one.place), el("a", { class: "address-action", onclick: () => chooseAddress(load) }, "更改地址")));
}

function cargo(line) {
  return el("div", { class: "cargo-container" }, el("div", { class: "cargo-spec" }, line.sku), el("div", { class: "cargo-price" }, yuan(line.price)),
    el("div", { class: "cargo-quantity" }, line.quantity), el("div", { class: "cargo-amount" }, yuan(line.amount)));
}

function offers(lines) {
  return [...new Set(lines.map((line) => line.offer))].map((number) => {
    const own = lines.filter((line) => line.offer === number);
    return el("div", { class: "offer-container" },
      el("a", { class: "offer-picture", href: offerAt(number) }, el("span", { class: "thumb" }, own[0].title.slice(0, 1))),
      el("div", { class: "offer-title" }, own[0].title), el("div", { class: "cargo-list" }, own.map(cargo)));
  });
}

function group(one) {
  const text = el("q-textarea", { placeholder: "选填，建议先和卖家沟通确认", initialvalue: messages[one.seller] ?? one.message });
  const made = el("div", { class: "order-group-container" }, el("div", { class: "order-inner" },
    el("div", { class: "shop-title" }, el("a", { class: "shop-link", href: offerAt(one.lines[0].offer) }, one.seller), el("i", { class: "wangwang" }, "和我联系")),
    el("div", { class: "cargo-head" }, el("span", {}, "货品"), el("span", {}, "规格"), el("span", {}, "单价(元)"), el("span", {}, "数量"), el("span", {}, "金额(元)")),
    offers(one.lines),
    el("div", { class: "order-footer" },
      el("div", { class: "leave-message-container" }, el("label", { class: "leave-message-label" }, "给卖家留言"), text),
      el("div", { class: "group-fees" }, el("div", { class: "group-freight" }, el("span", {}, "运费"), el("em", {}, yuan(one.freight))),
        el("div", { class: "group-total" }, el("span", {}, "小计"), el("em", {}, yuan(one.total)))))));
  queueMicrotask(() => typing(text.area, one.seller));
  return made;
}

function typing(area, seller) {
  area.maxLength = told.longest;
  messages[seller] = area.value;
  area.addEventListener("input", () => {
    messages[seller] = area.value;
    saving = saving.then(() => ask("/order/ajax/message.json", { key, seller, message: area.value })).then((answer) => {
      if (answer.longest < area.value.length) { area.maxLength = answer.longest; area.value = area.value.slice(0, answer.longest); messages[seller] = area.value; }
      const fresh = Object.keys(answer.tricks || {}).length > 0;
      Object.assign(tricks, answer.tricks);
      if (fresh) summary();
    });
  });
}

function fee(words, name, fen) {
  return el("div", { class: "fee" }, el("span", { class: "fee-label" }, words), el("em", { class: name }, yuan(fen)));
}

function submitter(more = {}) {
  const made = el("q-button", { type: "primary", disabled: "false", loading: "false", ...more }, "提交订单");
  if ("rerender_total" in tricks && !more.hidden) made.addEventListener("pointerdown", insured, { once: true });
  made.addEventListener("click", submit);
  return made;
}

// The total changes under the finger: 运费险 comes on when the button is pressed.
function insured() {
  const wanted = Number(tricks.rerender_total) || told.total + 8900;
  insurance = wanted - told.total;
  document.querySelector(".pay-total").textContent = yuan(wanted);
}

function summary() {
  const sum = (name) => told.groups.reduce((all, one) => all + one[name], 0);
  const buttons = [submitter()];
  if ("hidden_twin" in tricks) buttons.unshift(submitter({ style: "display: none" }));
  if ("second_button" in tricks) buttons.unshift(submitter());
  const made = el("div", { class: "order-summary" }, fee("货品总价", "goods-total", sum("goods_total")), fee("运费合计", "freight-total", sum("freight")),
    fee("应付总额", "pay-total", told.total), el("div", { class: "order-error" }), el("div", { class: "submit-wrap" }, buttons));
  const old = document.querySelector(".order-summary");
  if (old) old.replaceWith(made); else app.append(made);
  renamed(app);
}

const posted = (sent) => ({ method: "POST", body: JSON.stringify(sent), headers: { "content-type": "application/json" } });

// Sends until there is an answer, as pages do that mistrust the network; each time with another body, unlike a browser's own repeat.
async function insist(sent, left) {
  const given_up = new AbortController();
  const timer = setTimeout(() => given_up.abort(), 1000 * (Number(tricks.page_retry) || 0.4));
  try {
    return await (await fetch("/order/ajax/submit.json", { ...posted({ ...sent, left }), signal: given_up.signal })).json();
  } catch (error) {
    if (left > 0) return insist(sent, left - 1);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function submit() {
  if ("browser_asks" in tricks && !confirm(tricks.browser_asks || "该地区可能延迟发货，是否继续")) return;
  busy(true);
  await saving;
  const sent = { key, messages, insurance };
  if ("leaving_post" in tricks) {
    addEventListener("pagehide", () => navigator.sendBeacon("/order/ajax/submit.json", posted(sent).body));
    return;
  }
  if ("late_post" in tricks) await later(1000 * (Number(tricks.late_post) || 3));
  if ("double_click" in tricks) fetch("/order/ajax/submit.json", { ...posted(sent), keepalive: true });
  try {
    const answer = "page_retry" in tricks ? await settled(await insist(sent, 3)) : await ask("/order/ajax/submit.json", sent);
    if (answer.to) { location.href = answer.to; return; }
    refuse(answer.message);
  } catch {
    refuse("网络异常，请稍后重试");
  }
}

function refuse(words) {
  document.querySelector(".order-error").textContent = words;
  busy(false);
}

async function load() {
  busy(true);
  await saving;
  told = await ask(`/order/ajax/data.json?key=${key}`);
  if (told.ret !== "SUCCESS") return app.replaceChildren(el("div", { class: "card order-error" }, told.message));
  app.replaceChildren(el("h1", { class: "page-title" }, "确认订单"), address(told.receiver), ...told.groups.map(group));
  await later(80); // the sums come after the goods
  summary();
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
await load();
