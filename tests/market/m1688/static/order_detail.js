// An order's own page: here alone stand the receiver, the words to the seller, and what is in which parcel.

import { app, ask, el, later, layer, offerAt, page, renamed, yuan } from "./common.js";
import { pairs, table } from "./parts.js";
import { send } from "./sending.js";

const titled = (line) => el("a", { href: offerAt(line.offer) }, line.title);

function parcel(one, at) {
  return el("div", { class: "logistics-item" }, el("b", { class: "logistics-title" }, `包裹${at + 1}`),
    pairs("logistics-info", ["物流公司", one.carrier], ["运单号", one.tracking_number], ["发货时间", one.sent_at], ["物流状态", one.trace]),
    table("logistics-goods", ["货品", "规格", "数量"], one.goods.map((line) => [titled(line), line.sku, line.quantity])));
}

// 取消订单 asks in a layer of the page; what came of it stands in the card of the state.
function cancel(order) {
  const words = order.unpaid ? "取消后订单将关闭，确定要取消该订单吗？" : "订单已付款，取消后将为您申请退款，确定要取消该订单吗？";
  layer("取消订单", el("p", {}, words), ["再想想", "default", (shut) => shut()], ["确定取消", "primary", async (shut, button) => {
    button.disabled = true;
    const told = await send("/detail/ajax/cancel.json", { orderId: order.number }, page.values.tricks).catch(() => ({ message: "网络异常，请稍后重试" }));
    shut();
    if (told.ret !== "SUCCESS") return document.querySelector(".cancel-error").replaceChildren(told.message);
    await load();
    document.querySelector(".state-card").append(el("span", { class: "cancel-done" }, told.message));
  }]);
}

function actions(order) {
  const pay = el("a", { class: "v-button primary pay-action", href: `/app/ctf-page/payment-cashier-pc-air/cashier.html?orderId=${order.number}` }, "付款");
  const off = el("button", { type: "button", class: "v-button cancel-order", onclick: () => cancel(order) }, "取消订单");
  return el("div", { class: "order-actions" }, order.unpaid ? pay : "", order.cancellable ? off : "", el("span", { class: "cancel-error" }));
}

function money(order) {
  const rows = order.payments.map((one) => [one.id, one.method, yuan(one.amount), one.at]);
  return el("div", { class: "card" }, el("h2", {}, "付款信息"),
    pairs("paid-info", ["已付金额", yuan(order.paid)], ["已退金额", yuan(order.refunded)], ["退款状态", order.refund || (order.refunded ? "部分退款" : "无退款")]),
    rows.length ? table("detail-payments", ["支付单号", "方式", "金额(元)", "时间"], rows) : "");
}

function draw(order) {
  app.replaceChildren(el("h1", { class: "page-title" }, "订单详情"),
    el("div", { class: "card state-card" }, el("span", { class: "order-status" }, order.state), order.refund ? el("span", { class: "refund-status" }, order.refund) : "", actions(order)),
    el("div", { class: "card" }, el("h2", {}, "订单信息"), pairs("order-info", ["订单编号", order.number], ["下单时间", order.ordered_at], order.paid_at ? ["付款时间", order.paid_at] : null, ["卖家", order.seller])),
    el("div", { class: "card" }, el("h2", {}, "收货信息"), pairs("receiver-info", ["收货人", order.name], ["手机", order.phone], ["收货地址", order.place], ["买家留言", order.message || "-"])),
    el("div", { class: "card" }, el("h2", {}, "货品信息"),
      table("detail-goods", ["货品", "规格", "单价(元)", "数量", "金额(元)", "售后"], order.lines.map((line) => [titled(line), line.sku, yuan(line.price), line.quantity, yuan(line.amount), line.refund || "-"])),
      pairs("amounts", ["货品总价", yuan(order.goods_total)], ["运费", yuan(order.freight)], ["涨价或折扣", yuan(order.adjustment)], ["实付款", yuan(order.total), "pay-total"])),
    money(order),
    el("div", { class: "card logistics" }, el("h2", {}, "物流信息"), order.parcels.length ? order.parcels.map(parcel) : el("div", { class: "logistics-empty" }, "卖家暂未发货")));
  renamed(app);
}

async function load() {
  const told = await ask(`/detail/ajax/data.json?orderId=${page.values.number}`);
  await later(60);
  if (told.ret === "SUCCESS") draw(told.order);
  else app.replaceChildren(el("div", { class: "card order-missing" }, told.message));
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
await load();
