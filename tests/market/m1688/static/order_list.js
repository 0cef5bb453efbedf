// The list of orders: web components, one inside the other's shadow root, drawn row after row.

import { app, ask, el, later, offerAt, renamed, toast, yuan } from "./common.js";

const STYLE = `<style>
  * { box-sizing: border-box; } a { color: #0e6eb8; text-decoration: none; cursor: pointer; }
  .bar { display: flex; gap: 18px; padding: 12px 0; border-bottom: 1px solid #eee; align-items: center; }
  .tab-item { cursor: pointer; padding: 4px 2px; } .tab-item.active { color: #ff4000; border-bottom: 2px solid #ff4000; }
  .row { border: 1px solid #eee; margin: 12px 0; background: #fff; } .head { background: #f7f8fa; padding: 8px 12px; display: flex; gap: 20px; color: #666; font-size: 12px; }
  .body { display: flex; } .entries { flex: 1; } .side { width: 130px; padding: 12px; border-left: 1px solid #f2f2f2; text-align: center; }
  .entry { display: flex; gap: 12px; padding: 12px; border-top: 1px solid #f6f6f6; } .entry .product-name { flex: 1; }
  .sku-info-item { color: #999; margin-right: 8px; } .total-price { font-weight: bold; } .carriage { color: #999; font-size: 12px; }
  .order-empty { padding: 60px; text-align: center; color: #999; } .pager { display: flex; gap: 12px; justify-content: flex-end; align-items: center; padding: 12px 0; }
  button { background: #fff; border: 1px solid #ddd; border-radius: 4px; padding: 4px 14px; } button:disabled { color: #bbb; }
  .select { border: 1px solid #ddd; border-radius: 4px; padding: 3px 10px; color: #888; display: inline-block; cursor: pointer; } .options { position: absolute; background: #fff; border: 1px solid #ddd; } .options div { padding: 5px 14px; cursor: pointer; }
</style>`;

class Part extends HTMLElement {
  show(...children) {
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    root.innerHTML = STYLE;
    root.append(...children.flat());
    renamed(root);
    return this;
  }
}

class AppRoot extends Part { connectedCallback() { this.show(el("order-list")); } }

class Select extends Part {
  connectedCallback() {
    const words = ["全部时间", "最近一周", "最近一个月", "最近三个月"];
    const box = el("div", { class: "select", onclick: () => { options.hidden = !options.hidden; } }, this.getAttribute("value") || this.getAttribute("placeholder"));
    const options = el("div", { class: "options" }, words.map((one) => el("div", { class: "q-option", onclick: () => this.dispatchEvent(new CustomEvent("choose", { detail: one === words[0] ? "" : one })) }, one)));
    options.hidden = true;
    this.show(box, options);
  }
}

class OrderList extends Part {
  asked = { page: "1", time: "" };
  connectedCallback() { this.load({}); }

  async load(change) {
    Object.assign(this.asked, change);
    const told = await ask(`/list/ajax/data.json?${new URLSearchParams(this.asked)}`);
    delete this.asked.tab; // kept by the server from here on
    await this.draw(told);
  }

  async draw(told) {
    const tabs = told.tabs.map((tab) => el("div", { class: `tab-item${tab.states === told.tab ? " active" : ""}`, onclick: () => this.load({ tab: tab.states, page: "1" }) }, tab.words));
    const time = el("q-select", { placeholder: "下单时间", value: this.asked.time || null });
    time.addEventListener("choose", (event) => this.load({ time: event.detail, page: "1" }));
    const rows = el("div", { class: "rows" });
    const count = el("div", { class: "order-count" }, `共${told.count}条订单`);
    const button = (name, words, to, off) => el("button", { type: "button", class: name, disabled: off, onclick: () => this.load({ page: String(to) }) }, words);
    const pager = el("div", { class: "pager" }, count, button("page-prev", "上一页", told.page - 1, told.page <= 1), el("span", { class: "page-now" }, `${told.page} / ${told.last}`),
      told.page < told.last ? button("page-next", "下一页", told.page + 1, false) : null);
    const merge = el("button", { type: "button", class: "merge-pay", onclick: () => this.merge() }, "合并付款");
    this.show(el("div", { class: "bar" }, tabs, time, merge), rows);
    if (!told.count) rows.append(el("div", { class: "order-empty" }, "暂无订单"));
    for (const order of told.orders) {
      await later(15);
      rows.append(el("order-item", { "data-tracker-args": `orderId=${order.number}&page=${told.page}` }).with(order));
    }
    this.shadowRoot.append(pager);
  }

  // What is ticked on this page goes to one cashier.
  merge() {
    const ticked = [...this.shadowRoot.querySelectorAll("order-item")].filter((item) => item.ticked).map((item) => item.number);
    if (!ticked.length) return toast("请先选择要付款的订单");
    const [path, name] = ticked.length > 1 ? ["batch-cashier.html", "cashierOrderNo"] : ["cashier.html", "orderId"];
    location.href = `/app/ctf-page/payment-cashier-pc-air/${path}?${name}=${ticked.join(",")}`;
  }
}

class Item extends Part {
  get ticked() { return Boolean(this.shadowRoot.querySelector("order-item-seller-info").shadowRoot.querySelector(".order-check input")?.checked); }

  with(order) {
    this.number = order.number;
    this.show(el("div", { class: "row" }, el("order-item-seller-info").with(order), el("div", { class: "body" },
      el("div", { class: "entries" }, order.lines.map((line) => el("order-item-entry-product").with(line, order))),
      el("div", { class: "side" }, el("order-item-total-price").with(order)), el("div", { class: "side" }, el("order-item-status").with(order)))));
    return this;
  }
}

class SellerInfo extends Part {
  with(order) {
    return this.show(el("div", { class: "head" }, order.unpaid ? el("label", { class: "order-check" }, el("input", { type: "checkbox" })) : "", el("span", { class: "order-time" }, order.ordered_at), el("span", {}, "订单号：", el("span", { class: "order-id" }, order.number)),
      el("span", { class: "company-name" }, order.seller)));
  }
}

class Entry extends Part {
  with(line) {
    return this.show(el("div", { class: "entry" }, el("a", { class: "product-name", href: offerAt(line.offer) }, line.title),
      el("span", {}, line.sku.split(";").map((part) => el("span", { class: "sku-info-item" }, part))),
      el("span", { class: "unit-price" }, yuan(line.price)), el("span", { class: "quantity" }, "×", el("span", { class: "quantity-amount" }, line.quantity))));
  }
}

class TotalPrice extends Part {
  with(order) {
    return this.show(el("div", { class: "total-price" }, yuan(order.total)), el("div", { class: "carriage" }, order.freight ? `(含运费${yuan(order.freight)})` : "包邮"));
  }
}

class Status extends Part {
  with(order) {
    const at = `/app/ctf-page/trade-order-detail/index.html?orderId=${order.number}`;
    return this.show(el("div", { class: "order-status" }, order.state), el("a", { class: "order-detail-action", href: at }, "订单详情"),
      order.unpaid ? el("div", {}, el("a", { class: "pay-action", href: `/app/ctf-page/payment-cashier-pc-air/cashier.html?orderId=${order.number}` }, "去付款")) : "");
  }
}

for (const [name, part] of Object.entries({ "q-select": Select, "order-item-status": Status, "order-item-total-price": TotalPrice, "order-item-entry-product": Entry, "order-item-seller-info": SellerInfo, "order-item": Item, "order-list": OrderList, "app-root": AppRoot })) customElements.define(name, part);

app.append(el("h1", { class: "page-title" }, "已买到的货品"), el("app-root"));
