// 订单管理: tabs, search, twenty orders a page of which the last ten are drawn only when scrolled to.

import { button, call, covered, el, hashed, safely, toast } from "/static/page.js";
import { frame } from "/static/frame.js";
import { HEADINGS, flag, productCells, receiverBlock } from "/static/order.js";
import { spoil } from "/static/faults.js";

const DRAWN = 10;
const TABS = [["全部", ""], ["待支付", "待支付"], ["待发货", "备货中"], ["已发货", "已发货"], ["已完成", "已完成"], ["已关闭", "已关闭"]];
const state = { tab: "kept", shownTab: "", number: "", page: 0, size: 20, total: 0, orders: [], drawn: DRAWN, counts: {}, turn: 0 };

const content = frame("list", ["订单", "订单管理"]);
const tabs = el("div", { class: "auxo-tabs-nav", role: "tablist" });
const table = el("div", { class: "auxo-spin-container" }, el("div", { class: "empty" }));
const pager = el("ul", { class: "auxo-pagination" });
const sentinel = el("div", { class: "sentinel" });
content.append(
  el("section", { class: "card" }, tabs, searchForm()),
  el("section", { class: "card list" }, el("div", {}, table), sentinel, pager));
const watching = new IntersectionObserver(drawMore, { rootMargin: "80px" });
load();

function formItem(words, id, ...control) {
  return el("div", { class: "auxo-row auxo-form-item" },
    el("div", { class: "auxo-col auxo-form-item-label" }, el("label", { for: id, title: words }, words)),
    el("div", { class: "auxo-col auxo-form-item-control" }, control));
}

function searchForm() {
  const input = (id, placeholder = "请输入") => el("input", { id, class: "auxo-input", placeholder, autocomplete: "off" });
  const number = input("order_id");
  number.addEventListener("input", () => (state.number = number.value.trim()));
  const form = el("form", { class: "auxo-form" },
    formItem("订单编号", "order_id", number),
    formItem("商品名称/ID", "product", input("product")),
    formItem("收件人手机号", "receiver_tel", input("receiver_tel")),
    formItem("下单时间", "compact_time", input("compact_time", "开始日期 ~ 结束日期")),
    el("div", { class: "auxo-form-buttons" },
      button("查询", null, "primary", "submit"),
      button("重置", () => {
        form.reset();
        state.number = "";
        load({ page: 0 });
      })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load({ page: 0 });
  });
  return form;
}

async function load(change = {}) {
  Object.assign(state, change);
  const turn = (state.turn += 1);
  const uncover = covered(table);
  const asked = new URLSearchParams({ page: state.page, pageSize: state.size, tab: state.tab, order_id: state.number, order_by: "create_time", order: "desc" });
  const reply = await safely(call(`/api/order/searchlist?${asked}`));
  uncover();
  if (turn !== state.turn) return null; // an older answer came late
  if (reply.code !== 0) return toast("error", reply.message);
  Object.assign(state, { orders: reply.data, total: reply.total, shownTab: reply.tab, drawn: DRAWN });
  draw();
  spoil(reply.faults);
  return count();
}

// The numbers on the tabs come later, and everything is drawn anew with them.
async function count() {
  const reply = await safely(call("/api/order/tabcnt"));
  if (reply.code !== 0) return;
  state.counts = reply.data;
  draw();
}

function draw() {
  tabs.replaceChildren(...TABS.map(([words, key]) =>
    el("div", { class: `auxo-tabs-tab${key === state.shownTab ? " auxo-tabs-tab-active" : ""}`, role: "tab", "data-kora": key || "全部",
      onclick: () => load({ tab: key || "all", page: 0 }) },
    words, key in state.counts && key ? el("i", {}, String(state.counts[key])) : null)));
  table.replaceChildren(state.orders.length ? drawTable() : nothing());
  drawPager();
  watching.unobserve(sentinel);
  watching.observe(sentinel); // asks anew, also when it stayed in view
  sentinel.replaceChildren(state.drawn < state.orders.length ? el("span", {}, "上滑查看更多") : "");
}

function nothing() {
  return el("div", { class: "auxo-empty" }, el("div", { class: "auxo-empty-image" }), el("div", { class: "auxo-empty-description" }, "暂无数据"));
}

function drawTable() {
  const rows = state.orders.slice(0, state.drawn).map(orderRows);
  return el("table", { class: "auxo-table orders" },
    el("colgroup", {}, ["", "110px", "110px", "110px", "110px", "270px"].map((width) => el("col", { style: `width:${width}` }))),
    el("thead", { class: "auxo-table-thead" }, el("tr", {}, [...HEADINGS, "收货信息"].map((words) => el("th", { class: "auxo-table-cell" }, words)))),
    el("tbody", { class: "auxo-table-tbody" }, rows));
}

function orderRows(order) {
  const products = order.lines.map((line, at) =>
    el("tr", { class: "auxo-table-row auxo-table-row-level-1", "data-row-key": `child${line.number}` }, productCells(line),
      at ? null : el("td", { class: "auxo-table-cell", rowspan: String(order.lines.length) }, receiverBlock(order))));
  return [heading(order), ...products, remark(order)];
}

function heading(order) {
  const links = [
    order.ships ? el("a", { href: `/ffa/morder/logistics/delivery?order_id=${order.number}` }, "发货") : null,
    el("a", { href: `/ffa/morder/order/detail?id=${order.number}`, target: "_blank" }, "订单详情"),
  ];
  return el("tr", { class: "auxo-table-row auxo-table-row-level-0", "data-row-key": order.number },
    el("td", { class: "auxo-table-cell", colspan: "6" },
      el("div", { class: "orderHead" },
        el("span", { class: hashed("orderNumber") }, `订单编号 ${order.number}`),
        el("span", { class: hashed("orderTime") }, `下单时间 ${order.ordered_at}`),
        el("span", { class: `tag ${hashed("orderKind")}` }, order.kind),
        el("span", { class: hashed("orderSource") }, order.source),
        flag(order.flag, "flagIcon"),
        el("span", { class: "orderLinks" }, links))));
}

function remark(order) {
  return el("tr", { class: `auxo-table-row ${hashed("remarkRow")}` },
    el("td", { class: "auxo-table-cell", colspan: "6" },
      order.buyer_message ? el("span", { class: hashed("buyerWords") }, `买家留言 ${order.buyer_message}`) : null,
      el("span", { class: hashed("sellerRemark") }, `商家备注 ${order.remark}`)));
}

function drawMore(entries) {
  if (!entries[0].isIntersecting || state.drawn >= state.orders.length) return;
  state.drawn += DRAWN;
  draw();
}

function drawPager() {
  const last = Math.max(0, Math.ceil(state.total / state.size) - 1);
  const item = (title, words, page, off) =>
    el("li", { title, class: `auxo-pagination-item${off ? " auxo-pagination-disabled" : ""}${page === state.page && title === words ? " on" : ""}`,
      "aria-disabled": String(Boolean(off)), onclick: () => (off || page === state.page ? null : load({ page })) }, words);
  pager.replaceChildren(
    el("li", { class: "auxo-pagination-total-text" }, `共${state.total}条`),
    item("上一页", "‹", state.page - 1, state.page === 0),
    ...Array.from({ length: last + 1 }, (_, page) => item(String(page + 1), String(page + 1), page, false)),
    item("下一页", "›", state.page + 1, state.page >= last));
}
