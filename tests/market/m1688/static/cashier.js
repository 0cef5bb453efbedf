// The cashier: whom the money goes to, what for, and the ways of paying. It trusts its address.

import { app, ask, el, later, page, renamed, yuan } from "./common.js";
import { pairs, table } from "./parts.js";
import { send } from "./sending.js";

const tricks = page.values.tricks;
let told, method, extra = 0;

function way(one, at) {
  const box = el("input", { type: "radio", name: "method", id: `method-${one.key}`, checked: at === 0, onchange: () => { method = one.key; } });
  return el("div", { class: "method-item" }, el("label", { class: "method-name", for: box.id }, box, one.words), el("span", { class: "method-hint" }, one.hint));
}

// The sum changes under the finger: 付款保障 comes on when the button is pressed.
function protect() {
  const wanted = Number(tricks.rerender_total) || told.total + 300;
  extra = wanted - told.total;
  document.querySelector(".order-amount").textContent = yuan(wanted);
}

async function pay() {
  if ("browser_asks" in tricks && !confirm(tricks.browser_asks || "当前网络环境有风险，是否继续付款")) return;
  busy(true);
  document.querySelector(".pay-error").textContent = "";
  try {
    const answer = await send("/cashier/ajax/pay.json", { numbers: told.rows.map((row) => row.number), method, extra }, tricks);
    if (answer.to) { location.href = answer.to; return; }
    refuse(answer.message);
  } catch {
    refuse("网络异常，请稍后重试");
  }
}

function busy(on) {
  for (const button of document.querySelectorAll(".pay-submit")) button.disabled = on;
}

function refuse(words) {
  document.querySelector(".pay-error").textContent = words;
  busy(false);
}

function submitter(attributes = {}) {
  const button = el("button", { type: "button", class: "v-button primary pay-submit", onclick: pay, ...attributes }, "立即付款");
  if ("rerender_total" in tricks) button.addEventListener("pointerdown", protect, { once: true });
  return button;
}

function draw() {
  const rows = told.rows.map((row) => [el("span", { class: "order-no" }, row.number), row.seller, yuan(row.total)]);
  app.replaceChildren(el("h1", { class: "page-title" }, page.values.made ? "订单提交成功，请尽快付款" : "收银台"),
    el("div", { class: "card" }, pairs("cashier-sums", ["收款方", told.payee, "payee"], ["应付金额", yuan(told.total), "order-amount"]),
      table("cashier-orders", ["订单编号", "卖家", "金额(元)"], rows)));
}

function ways() {
  if (told.refused) return app.append(el("div", { class: "card pay-refused" }, told.refused));
  method = told.methods[0].key;
  const buttons = [submitter()];
  if ("hidden_twin" in tricks) buttons.unshift(submitter({ style: "display: none" }));
  if ("second_button" in tricks) buttons.unshift(submitter());
  app.append(el("div", { class: "card pay-methods" }, el("h2", {}, "选择付款方式"), told.methods.map(way),
    el("div", { class: "pay-error" }), el("div", { class: "pay-buttons" }, buttons)));
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
told = await ask(`/cashier/ajax/data.json?orderId=${page.values.numbers.join(",")}`);
draw();
await later(150); // the ways of paying come after the sums
ways();
renamed(app);
