// A code for a telephone. The page asks every few seconds whether somebody paid; it never goes on by itself.

import { app, ask, el, later, page, renamed, tricks, yuan } from "./common.js";
import { pairs } from "./parts.js";

const SCANS = { alipay: ["支付宝扫码支付", "打开支付宝扫一扫"], wechat: ["微信扫码支付", "打开微信扫一扫"] };
const payment = encodeURIComponent(page.values.payment);
const key = `paymentId=${payment}`;
const waiting = el("div", { class: "card code-card" }, el("div", { class: "qr-waiting" }, "二维码生成中…"));

function picture(code, hint) {
  return el("div", { id: "J_qrCode" }, el("img", { alt: hint, width: 220, height: 220, src: `/pay/picture.svg?${key}` }));
}

function draw(code) {
  const [title, hint] = SCANS[code.method];
  const orders = el("span", {}, code.numbers.map((number) => el("span", { class: "qr-order" }, number)));
  app.replaceChildren(el("h1", { class: "page-title" }, title), el("div", { class: `card code-card scan-${code.method}` },
    pairs("code-sums", ["收款方", code.payee, "payee"], ["应付金额", yuan(code.total), "qr-amount"], ["订单编号", orders], ["支付单号", code.payment], ["有效期至", code.expires_at]),
    picture(code, hint), el("p", { class: "qr-hint" }, hint), el("div", { class: "qr-state" }, code.state),
    el("p", {}, el("a", { class: "qr-done", href: `/app/ctf-page/trade-order-list/buyer-order-list.html` }, "查看已买到的货品"))));
  renamed(app);
}

async function watch() {
  for (;;) {
    await later(2000);
    const told = await ask(`/pay/state?${key}`).catch(() => ({}));
    const state = document.querySelector(".qr-state");
    if (!state && told.shown) await load();
    if (!state || !told.state) continue;
    state.textContent = told.state;
    document.getElementById("J_qrCode").classList.toggle("over", told.state !== "等待付款");
  }
}

async function load() {
  const told = await ask(`/pay/ajax/code.json?${key}`);
  if (!told.code) return app.replaceChildren(el("h1", { class: "page-title" }, "扫码支付"), waiting);
  draw(told.code);
  if ("rerender_total" in tricks) {
    await later(120);
    document.querySelector(".qr-amount").textContent = yuan(Number(tricks.rerender_total) || told.code.total + 300);
  }
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
await load();
await watch();
