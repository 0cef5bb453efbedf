// The pieces of an order that the list and its own page both show.

import { call, covered, el, hashed, safely, svg, toast } from "/static/page.js";

export const COLOURS = { 灰: "#b8babf", 紫: "#9254de", 青: "#13c2c2", 绿: "#14a864", 橙: "#fa8c16", 红: "#f5483b" };
const FLAG = "M5 3h2v1h11l-2.500 4.500L18 13H7v8H5z";
const EYE = "M12 5c5 0 9 4 10.500 7-1.500 3-5.500 7-10.500 7S3 15 1.500 12C3 9 7 5 12 5zm0 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zm0 2.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4z";

export function flag(colour, name) {
  return el("span", { class: hashed(name), title: colour }, svg(FLAG, COLOURS[colour], 16));
}

function thumb(title) {
  const hue = [...title].reduce((sum, letter) => (sum * 7 + letter.codePointAt(0)) % 360, 11);
  return el("div", { class: "thumb", style: `background:linear-gradient(135deg,hsl(${hue} 45% 82%),hsl(${(hue + 50) % 360} 50% 66%))` });
}

export const HEADINGS = ["商品信息", "单价/数量", "售后", "订单状态", "实收款"];

// The cells of one product row, under HEADINGS.
export function productCells(line) {
  return [
    el("td", { class: "auxo-table-cell" }, el("div", { class: "product" }, thumb(line.title),
      el("div", {},
        el("div", { class: hashed("productName") }, line.title),
        el("span", { class: `tag ${hashed("productKind")}` }, line.kind),
        el("div", { class: hashed("productSpec") }, `规格 ${line.specification}`),
        el("div", { class: hashed("productId") }, `商品ID ${line.product_id}`),
        el("div", { class: hashed("merchantCode") }, `商家编码 ${line.merchant_code}`)))),
    el("td", { class: "auxo-table-cell" }, el("div", { class: hashed("productPrice") }, line.price), el("div", { class: hashed("productCount") }, `x${line.quantity}`)),
    el("td", { class: `auxo-table-cell${/退/.test(line.after_sales) ? " warn" : ""}` }, line.after_sales),
    el("td", { class: "auxo-table-cell" }, line.state),
    el("td", { class: "auxo-table-cell" }, line.paid),
  ];
}

// Name, phone, address; masked with an eye, until the eye is clicked.
export function receiverBlock(order) {
  const block = el("div", { class: "receiverPlace" });
  const lines = (three) => el("div", { class: hashed("receiverInfo") }, three.map((words) => el("div", {}, words)));
  const eye = el("span", { class: "eye", role: "button", tabindex: "0", title: "查看", "data-kora": "查看敏感信息", onclick: reveal }, svg(EYE, "#1966ff", 18));

  async function reveal() {
    const uncover = covered(block.firstChild);
    const reply = await safely(call(`/api/order/receiveinfo?come_from=pc&order_id=${order.number}`));
    uncover();
    if (reply.code !== 0) return toast("error", reply.message);
    return block.replaceChildren(lines(reply.data.receiver));
  }

  block.append(lines(order.receiver), eye);
  return el("div", {}, block);
}
