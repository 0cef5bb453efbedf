// 多包裹发货 and 合并发货: which lines, and how many pieces of each, go into one parcel under one number.

import { button, call, covered, el, hashed, query, safely, spin, toast, told } from "/static/page.js";
import { frame } from "/static/frame.js";
import { select } from "/static/select.js";
import { send, spoil, swap } from "/static/faults.js";

const number = query.get("order_id") || "";
const merge = query.get("merge") || "";
const title = merge ? "合并发货" : "多包裹发货";
const typed = { carrier: "", number: "", pieces: "" };
const packed = new Map(); // line → { order, line, pieces }
const content = frame("ship", ["订单", "订单管理", title]);
content.append(spin());
load();

async function load() {
  const reply = await safely(call(`/api/order/packinfo?order_id=${number}&merge=${merge}`));
  if (reply.code === 0) draw(reply.data, reply.faults);
  else content.replaceChildren(el("section", { class: "card" }, el("div", { class: "auxo-empty-description" }, reply.message)));
}

function row(label, control) {
  return el("label", { class: "shipRow" }, el("div", { class: "shipLabel" }, label), el("div", { class: "shipControl" }, control));
}

function table(headings, rows) {
  return el("table", { class: "auxo-table" },
    el("thead", { class: "auxo-table-thead" }, el("tr", {}, headings.map((words) => el("th", { class: "auxo-table-cell" }, words)))),
    el("tbody", { class: "auxo-table-tbody" }, rows));
}

const cell = (...held) => el("td", { class: "auxo-table-cell" }, held);

function draw(orders, faults) {
  const input = el("input", { class: "auxo-input", placeholder: "请输入快递单号", autocomplete: "off" });
  input.addEventListener("input", () => (typed.number = input.value));
  const pieces = el("input", { class: "auxo-input", placeholder: "本次件数", autocomplete: "off" });
  pieces.addEventListener("input", () => (typed.pieces = pieces.value));
  const inside = el("div", {});
  const show = () => inside.replaceChildren(packed.size ? table(["订单编号", "商品信息", "件数", "操作"], [...packed.values()].map(packedRow)) : el("div", { class: "auxo-empty-description" }, "包裹为空"));
  const packedRow = (one) => el("tr", { class: "auxo-table-row", "data-row-key": `pack${one.line.number}` },
    cell(el("span", { class: hashed("packOrder") }, one.order)), cell(el("div", {}, one.line.title)),
    cell(el("span", { class: hashed("packCount") }, `x${one.pieces}`)),
    cell(el("a", { href: "#", onclick: (event) => (event.preventDefault(), packed.delete(one.line.number), show()) }, "移出")));
  const put = (order, line) => (event) => {
    event.preventDefault();
    const count = Number(typed.pieces);
    if (!line.ships || !Number.isInteger(count) || count < 1 || count > line.rest) {
      toast("error", line.ships ? "发货数量超过可发数量" : "所选商品存在进行中的售后，无法发货");
      return;
    }
    packed.set(line.number, { order: order.number, line, pieces: count });
    typed.pieces = pieces.value = "";
    show();
  };
  const rows = orders.flatMap((order) => order.lines.map((line) => el("tr", { class: "auxo-table-row", "data-row-key": `child${line.number}` },
    cell(order.number), cell(el("div", { class: hashed("productName") }, line.title), el("div", { class: hashed("productSpec") }, `规格 ${line.specification}`)),
    cell(`x${line.rest}`), cell(line.after_sales), cell(el("a", { href: "#", onclick: put(order, line) }, "加入包裹")))));
  const form = el("div", { class: "auxo-spin-container" },
    el("div", { class: "auxo-descriptions" }, el("div", { class: "auxo-descriptions-item-container" },
      el("span", { class: "auxo-descriptions-item-label" }, merge ? "主订单编号" : "订单编号"), el("span", { class: "auxo-descriptions-item-content" }, number))),
    table([merge ? "订单" : "订单号", "商品信息", "待发", "售后", "操作"], rows),
    row("件数", pieces), el("h3", {}, "包裹商品"), inside,
    row("快递公司", select(told.carriers, "请选择快递公司", (name) => (typed.carrier = name))),
    row("快递单号", input));
  const confirm = button("确认发货", null, "primary");
  confirm.addEventListener("click", () => ship(form, confirm, faults));
  show();
  content.replaceChildren(el("section", { class: "card ship" }, el("h1", {}, title), el("div", {}, form), el("div", { class: "shipButtons" }, confirm)));
  spoil(faults, confirm);
  swap(faults, confirm, (other) => (input.value = typed.number = other));
}

async function ship(form, confirm, faults) {
  if (!typed.carrier || !typed.number.trim() || !packed.size) {
    toast("error", packed.size ? "请填写快递公司和快递单号" : "请选择包裹商品");
    return;
  }
  const uncover = covered(form);
  confirm.disabled = true;
  const lines = [...packed.values()].map((one) => `${one.order}:${one.line.number}:${one.pieces}`).join(",");
  const reply = await send("/api/order/packadd", { order_id: number, carrier: typed.carrier, tracking_number: typed.number.trim(), lines }, faults);
  uncover();
  confirm.disabled = false;
  if (reply === null) return;
  if (reply.code !== 0) toast("error", reply.message);
  else content.replaceChildren(el("section", { class: "card auxo-result" },
    el("div", { class: "auxo-result-icon" }), el("div", { class: "auxo-result-title" }, "发货成功"),
    el("div", { class: "auxo-result-subtitle" }, "运单将于 24 小时内校验揽收信息"),
    el("div", {}, el("a", { class: "auxo-btn", href: "/ffa/morder/order/list" }, "返回订单列表"))));
}
