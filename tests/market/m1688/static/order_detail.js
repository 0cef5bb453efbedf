// An order's own page: here alone stand the receiver, the words to the seller, and what is in which parcel.

import { app, ask, el, later, offerAt, page, renamed, yuan } from "./common.js";

const pairs = (name, ...rows) => el("dl", { class: name }, rows.filter(Boolean).map(([words, value, css]) => el("div", { class: "pair" }, el("dt", {}, words), el("dd", { class: css || "" }, value))));
const cell = (value) => el("td", {}, value);
const table = (name, heads, rows) => el("table", { class: name }, el("thead", {}, el("tr", {}, heads.map((words) => el("th", {}, words)))), el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))));
const titled = (line) => el("a", { href: offerAt(line.offer) }, line.title);

function parcel(one, at) {
  return el("div", { class: "logistics-item" }, el("b", { class: "logistics-title" }, `包裹${at + 1}`),
    pairs("logistics-info", ["物流公司", one.carrier], ["运单号", one.tracking_number], ["发货时间", one.sent_at], ["物流状态", one.trace]),
    table("logistics-goods", ["货品", "规格", "数量"], one.goods.map((line) => [titled(line), line.sku, line.quantity])));
}

function draw(order) {
  app.replaceChildren(el("h1", { class: "page-title" }, "订单详情"),
    el("div", { class: "card state-card" }, el("span", { class: "order-status" }, order.state), order.refund ? el("span", { class: "refund-status" }, order.refund) : ""),
    el("div", { class: "card" }, el("h2", {}, "订单信息"), pairs("order-info", ["订单编号", order.number], ["下单时间", order.ordered_at], order.paid_at ? ["付款时间", order.paid_at] : null, ["卖家", order.seller])),
    el("div", { class: "card" }, el("h2", {}, "收货信息"), pairs("receiver-info", ["收货人", order.name], ["手机", order.phone], ["收货地址", order.place], ["买家留言", order.message || "-"])),
    el("div", { class: "card" }, el("h2", {}, "货品信息"),
      table("detail-goods", ["货品", "规格", "单价(元)", "数量", "金额(元)", "售后"], order.lines.map((line) => [titled(line), line.sku, yuan(line.price), line.quantity, yuan(line.amount), line.refund || "-"])),
      pairs("amounts", ["货品总价", yuan(order.goods_total)], ["运费", yuan(order.freight)], ["涨价或折扣", yuan(order.adjustment)], ["实付款", yuan(order.total), "pay-total"])),
    el("div", { class: "card logistics" }, el("h2", {}, "物流信息"), order.parcels.length ? order.parcels.map(parcel) : el("div", { class: "logistics-empty" }, "卖家暂未发货")));
  renamed(app);
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
const told = await ask(`/detail/ajax/data.json?orderId=${page.values.number}`);
await later(60);
if (told.ret === "SUCCESS") draw(told.order);
else app.replaceChildren(el("div", { class: "card order-missing" }, told.message));
