// 订单发货: the courier, the number, which lines go into the parcel; after it the word that it worked.

import { button, call, covered, el, hashed, query, safely, spin, toast, told } from "/static/page.js";
import { frame } from "/static/frame.js";
import { select } from "/static/select.js";
import { send, spoil, swap } from "/static/faults.js";

const number = query.get("order_id") || "";
const typed = { carrier: "", number: "", lines: new Set() };
const content = frame("ship", ["订单", "订单管理", "发货"]);
content.append(spin());
load();

async function load() {
  const reply = await safely(call(`/api/order/shipinfo?order_id=${number}`));
  if (reply.code === 0) draw(reply.data, reply.faults);
  else content.replaceChildren(el("section", { class: "card" }, el("div", { class: "auxo-empty-description" }, reply.message)));
}

function row(label, control) {
  return el("div", { class: "shipRow" }, el("div", { class: "shipLabel" }, label), el("div", { class: "shipControl" }, control));
}

function draw(order, faults) {
  const input = el("input", { class: "auxo-input", placeholder: "请输入快递单号", autocomplete: "off" });
  input.addEventListener("input", () => (typed.number = input.value));
  const form = el("div", { class: "auxo-spin-container" },
    el("div", { class: "auxo-descriptions" }, el("div", { class: "auxo-descriptions-item-container" },
      el("span", { class: "auxo-descriptions-item-label" }, "订单编号"), el("span", { class: "auxo-descriptions-item-content" }, order.number)),
    el("div", { class: "auxo-descriptions-item-container" },
      el("span", { class: "auxo-descriptions-item-label" }, "收货信息"), el("span", { class: "auxo-descriptions-item-content" }, order.receiver.join("，")))),
    lines(order),
    row("快递公司", select(told.carriers, "请选择快递公司", (name) => (typed.carrier = name))),
    row("快递单号", input));
  const confirm = button("确认发货", null, "primary");
  confirm.addEventListener("click", () => ship(form, confirm, faults));
  content.replaceChildren(el("section", { class: "card ship" }, el("h1", {}, "订单发货"),
    el("div", { class: "shipForms" }, el("span", { class: "tag" }, "整单发货"),
      el("a", { href: `/ffa/morder/logistics/pack?order_id=${number}` }, "多包裹发货"),
      el("a", { href: `/ffa/morder/logistics/pack?order_id=${number}&merge=1` }, "合并发货")),
    el("div", {}, form), el("div", { class: "shipButtons" }, confirm)));
  spoil(faults, confirm);
  swap(faults, confirm, (other) => (input.value = typed.number = other));
}

function lines(order) {
  const one = (line) => {
    const box = el("input", { type: "checkbox", class: "auxo-checkbox-input", "aria-label": line.title, disabled: !line.ships });
    box.checked = line.ships;
    if (line.ships) typed.lines.add(line.number);
    box.addEventListener("change", () => typed.lines[box.checked ? "add" : "delete"](line.number));
    return el("tr", { class: "auxo-table-row", "data-row-key": `child${line.number}` },
      el("td", { class: "auxo-table-cell" }, box),
      el("td", { class: "auxo-table-cell" }, el("div", { class: hashed("productName") }, line.title), el("div", { class: hashed("productSpec") }, `规格 ${line.specification}`)),
      el("td", { class: "auxo-table-cell" }, `x${line.rest}`), el("td", { class: "auxo-table-cell" }, line.after_sales), el("td", { class: "auxo-table-cell" }, line.state));
  };
  return el("table", { class: "auxo-table" },
    el("thead", { class: "auxo-table-thead" }, el("tr", {}, ["", "商品信息", "数量", "售后", "订单状态"].map((words) => el("th", { class: "auxo-table-cell" }, words)))),
    el("tbody", { class: "auxo-table-tbody" }, order.lines.map(one)));
}

async function ship(form, confirm, faults) {
  if (!typed.carrier || !typed.number.trim()) {
    toast("error", typed.carrier ? "请输入快递单号" : "请选择快递公司");
    return;
  }
  const uncover = covered(form);
  confirm.disabled = true;
  const body = { order_id: number, carrier: typed.carrier, tracking_number: typed.number.trim(), lines: [...typed.lines].join(",") };
  const reply = await send("/api/order/logisticsadd", body, faults);
  uncover();
  confirm.disabled = false;
  if (reply === null) return;
  if (reply.code !== 0) toast("error", reply.message);
  else done();
}

function done() {
  content.replaceChildren(el("section", { class: "card auxo-result" },
    el("div", { class: "auxo-result-icon" }), el("div", { class: "auxo-result-title" }, "发货成功"),
    el("div", { class: "auxo-result-subtitle" }, "运单将于 24 小时内校验揽收信息"),
    el("div", {}, el("a", { class: "auxo-btn", href: "/ffa/morder/order/list" }, "返回订单列表"))));
}
