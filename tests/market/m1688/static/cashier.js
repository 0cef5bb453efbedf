// The cashier: what was ordered and a picture for a telephone. It trusts its address.

import { app, ask, el, later, page, yuan } from "./common.js";

const told = await ask(`/cashier/ajax/data.json?numbers=${page.values.numbers.join(",")}`);
app.append(el("div", { class: "card cashier" }, el("h1", {}, "订单提交成功，请尽快付款"),
  told.numbers.map((number, at) => el("p", { class: "cashier-order" }, el("span", {}, "订单编号："), el("span", { class: "order-no" }, number), "　", el("span", { class: "cashier-seller" }, told.sellers[at]))),
  el("p", {}, "应付金额：", el("em", { class: "order-amount" }, yuan(told.total)), " 元"),
  el("div", { class: "qr-code" })));
await later(150);
// a picture that looks like one; nobody can pay with it
const dots = [];
let seed = told.numbers[0].split("").reduce((all, digit) => (all * 31 + Number(digit)) >>> 0, 7);
for (let y = 0; y < 25; y += 1) for (let x = 0; x < 25; x += 1) {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  const eye = [[3, 3], [21, 3], [3, 21]].map(([a, b]) => Math.max(Math.abs(x - a), Math.abs(y - b)));
  const near = Math.min(...eye);
  if (near <= 4 ? near !== 4 && near !== 2 : seed > 2147483648) dots.push(`<rect x="${x}" y="${y}" width="1" height="1"/>`);
}
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 29 29"><rect x="-2" y="-2" width="29" height="29" fill="#fff"/>${dots.join("")}</svg>`;
document.querySelector(".qr-code").append(el("img", { alt: "支付宝扫码付款", width: 180, height: 180, src: `data:image/svg+xml,${encodeURIComponent(svg)}` }), el("p", {}, "打开支付宝扫一扫付款"));
