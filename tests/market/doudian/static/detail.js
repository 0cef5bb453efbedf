// 订单详情: everything of one order, the receiver masked, the remark with its dialog, the parcels.

import { button, call, covered, el, hashed, modal, query, safely, spin, toast, told } from "/static/page.js";
import { frame } from "/static/frame.js";
import { COLOURS, HEADINGS, flag, productCells, receiverBlock } from "/static/order.js";
import { select } from "/static/select.js";
import { send, spoil } from "/static/faults.js";

const LINE_HEADINGS = HEADINGS.map((words) => (words === "订单状态" ? "商品状态" : words)); // 订单状态 stands above, once
const number = query.get("id") || "";
const content = frame("detail", ["订单", "订单管理", "详情"]);
content.append(spin());
let faults = {};
load();

async function load() {
  const reply = await safely(call(`/api/order/detail?order_id=${number}`));
  if (reply.code !== 0) {
    content.replaceChildren(el("section", { class: "card" }, el("div", { class: "auxo-empty-description" }, reply.message)));
    return;
  }
  faults = reply.faults;
  draw(reply.data);
  requestAnimationFrame(() => {
    draw(reply.data); // late re-rendering: every node is another one now
    spoil(reply.faults);
  });
}

function item(label, ...held) {
  return el("div", { class: "auxo-descriptions-item-container" },
    el("span", { class: "auxo-descriptions-item-label" }, label), el("span", { class: "auxo-descriptions-item-content" }, held));
}

function draw(order) {
  content.replaceChildren(
    el("section", { class: "card" },
      el("h1", {}, "订单详情"),
      el("div", { class: "auxo-descriptions" },
        item("订单编号", order.number), item("订单状态", order.state), item("订单类型", order.kind), item("订单来源", order.source),
        item("下单时间", order.ordered_at),
        item("最晚发货时间", order.ship_by), item("地址变更", order.address_change), item("买家留言", order.buyer_message))),
    el("div", { class: "pair" },
      el("section", { class: "card" }, el("h3", {}, "收货信息"), receiverBlock(order)),
      el("section", { class: "card" }, el("h3", {}, "备注信息"), noteBlock(order))),
    el("section", { class: "card" }, el("h3", {}, "商品信息"),
      el("table", { class: "auxo-table" },
        el("thead", { class: "auxo-table-thead" }, el("tr", {}, LINE_HEADINGS.map((words) => el("th", { class: "auxo-table-cell" }, words)))),
        el("tbody", { class: "auxo-table-tbody" },
          order.lines.map((line) => el("tr", { class: "auxo-table-row", "data-row-key": `child${line.number}` }, productCells(line)))))),
    el("section", { class: "card" }, el("h3", {}, "物流信息"),
      order.parcels.length ? order.parcels.map(parcel) : el("div", { class: "auxo-empty-description" }, "暂无物流信息")));
}

function parcel(one, at) {
  return el("div", { class: "parcel" },
    el("div", { class: hashed("parcelItem") },
      el("span", { class: "tag" }, `包裹${at + 1}`), el("span", { class: hashed("carrierName") }, one.carrier),
      el("span", { class: hashed("trackingNumber") }, one.tracking_number), el("span", { class: "hint" }, `${one.at} 发货`),
      button("修改物流", () => openChange(one, at + 1), "link")),
    one.lines.map((line) => el("div", { class: hashed("parcelGoods") },
      el("span", { class: "hint" }, line.title), el("span", { class: hashed("subOrder") }, `子订单 ${line.number}`),
      el("span", { class: hashed("parcelCount") }, `x${line.pieces}`))));
}

function openChange(one, ordinal) {
  const typed = { carrier: "", number: "" };
  const input = el("input", { class: "auxo-input", placeholder: "请输入新运单号", autocomplete: "off" });
  input.addEventListener("input", () => (typed.number = input.value));
  const body = el("div", { class: "noteForm" },
    item("原运单号", `${one.carrier} ${one.tracking_number}`),
    el("div", { class: "auxo-form-item" }, el("div", { class: "noteWords" }, "快递公司"), select(told.carriers, "请选择快递公司", (name) => (typed.carrier = name))),
    el("div", { class: "auxo-form-item" }, el("div", { class: "noteWords" }, "快递单号"), input));
  const save = button("确定", null, "primary");
  const close = modal("修改物流", el("div", {}, body), (shut) => [button("取消", shut), save]);
  save.addEventListener("click", async () => {
    const uncover = covered(body);
    save.disabled = true;
    const reply = await send("/api/order/logisticsedit", { order_id: number, parcel: String(ordinal), carrier: typed.carrier, tracking_number: typed.number.trim() }, faults);
    uncover();
    save.disabled = false;
    if (reply === null) return;
    if (reply.code !== 0) {
      toast("error", reply.message);
      return;
    }
    close();
    toast("success", "修改成功");
    load();
  });
}

function noteBlock(order) {
  return el("div", { class: "noteBlock" }, flag(order.flag, "sellerFlag"), el("div", { id: "seller_words" }, order.remark),
    button("修改备注", () => openNote(order), "link"));
}

function openNote(order) {
  const typed = { flag: order.flag, remark: order.remark };
  const radio = (colour) => {
    const input = el("input", { type: "radio", class: "auxo-radio-input", name: "flag", value: colour });
    input.checked = colour === typed.flag;
    input.addEventListener("change", () => (typed.flag = colour));
    return el("label", { class: "auxo-radio-wrapper" },
      el("span", { class: "auxo-radio" }, input, el("span", { class: "auxo-radio-inner", style: `--dot:${COLOURS[colour]}` })), el("span", {}, colour));
  };
  const remark = el("textarea", { class: "auxo-input", rows: "4", placeholder: "请输入备注内容，仅商家可见" });
  remark.value = typed.remark;
  remark.addEventListener("input", () => (typed.remark = remark.value));
  const body = el("div", { class: "noteForm" },
    el("div", { class: "auxo-form-item" }, el("div", { class: "noteWords" }, "标记"), el("div", { class: "auxo-radio-group" }, told.flags.map(radio))),
    el("div", { class: "auxo-form-item" }, el("div", { class: "noteWords" }, "内容"), remark));
  const save = button("确定", null, "primary");
  const close = modal("修改备注", el("div", {}, body), (shut) => [button("取消", shut), save]);
  save.addEventListener("click", () => saveNote(typed, save, body, close));
  spoil("renamed_label" in faults ? { renamed_label: faults.renamed_label, ...twins() } : twins(), save);
}

const twins = () => Object.fromEntries(["second_button", "hidden_twin"].filter((name) => name in faults).map((name) => [name, null]));

async function saveNote(typed, save, body, close) {
  const uncover = covered(body);
  save.disabled = true;
  const reply = await send("/api/order/addremark", { order_id: number, flag: typed.flag, remark: typed.remark }, faults);
  uncover();
  save.disabled = false;
  if (reply === null) return;
  if (reply.code !== 0) {
    toast("error", reply.message);
    return;
  }
  close();
  toast("success", "修改成功");
  load();
}
