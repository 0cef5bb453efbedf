// An offer: rows of specifications with a quantity each, the first axis as buttons. Prices come after the page.

import { app, ask, el, hashed, later, offerAt, page, renamed, toast, yuan } from "./common.js";

let offer;
let mode = "general";
let first = "";
const wanted = new Map(); // specification → pieces, kept while another first axis is looked at

const two = () => offer.axes.length > 1;
const skuOf = (value) => offer.skus[two() ? `${first};${value}` : value];
const unit = (sku) => sku[mode];

function rows() {
  return offer.axes.at(-1).values.map((value) => {
    const sku = skuOf(value);
    if (!sku) return null;
    const input = el("input", { class: "ant-input-number-input", role: "spinbutton", autocomplete: "off", value: wanted.get(sku.name) || 0, disabled: sku.stock === 0 });
    const set = (count) => {
      const kept = Math.max(0, Math.min(Number.isFinite(count) ? Math.floor(count) : 0, sku.stock)); // as Ant's: cut to the stock
      input.value = kept;
      wanted.set(sku.name, kept);
      sum();
    };
    input.addEventListener("input", () => { wanted.set(sku.name, Math.min(Number(input.value) || 0, sku.stock)); sum(); });
    input.addEventListener("blur", () => set(Number(input.value)));
    const step = (words, by) => el("span", { class: `ant-input-number-handler ${by < 0 ? "down" : "up"}`, onclick: () => set(Number(input.value) + by) }, words);
    return el("div", { class: "expand-view-item v-flex" },
      el("span", { class: "item-label", title: value }, value),
      el("span", { class: "item-price-stock" }, `¥${yuan(unit(sku))}`),
      el("span", { class: "item-price-stock" }, sku.stock ? `库存${sku.stock}件` : "缺货"),
      el("div", { class: "ant-input-number" }, step("-", -1), el("div", { class: "ant-input-number-input-wrap" }, input), step("+", 1)));
  });
}

function chosen() {
  return Object.values(offer.skus).filter((sku) => wanted.get(sku.name) > 0).map((sku) => [sku, wanted.get(sku.name)]);
}

function sum() {
  const pieces = chosen().reduce((all, [, count]) => all + count, 0);
  const total = chosen().reduce((all, [sku, count]) => all + unit(sku) * count, 0);
  const freight = pieces ? offer.freight[0] + offer.freight[1] * (pieces - 1) : 0;
  const models = document.querySelector(".order-select-models");
  models.replaceChildren(
    el("span", { class: "total-quantity" }, "已选", el("strong", {}, pieces), "件"),
    el("span", { class: "total-price" }, "货品金额 ¥", el("strong", {}, yuan(total))),
    el("span", { class: "total-freight-fee" }, "运费 ¥", el("strong", {}, yuan(freight)), "起"));
}

function selection() {
  const buttons = two() && el("div", { class: "feature-item" }, el("label", { class: "feature-item-label" }, offer.axes[0].name),
    el("div", { class: "transverse-filter" }, offer.axes[0].values.map((value) =>
      el("button", { type: "button", class: `sku-filter-button v-flex${value === first ? " active" : ""}`, onclick: () => { first = value; draw(); } },
        el("span", { class: "label-name" }, value)))));
  return el("div", { class: "module-od-sku-selection" }, buttons,
    el("div", { class: "feature-item" }, el("label", { class: "feature-item-label" }, offer.axes.at(-1).name), el("div", { class: "expand-view-list" }, rows())));
}

function prices() {
  if (!offer.dropships) return null;
  const tab = (kind, words, more) => el("div", { class: `price-tab${mode === kind ? " active" : ""}`, onclick: () => { mode = kind; draw(); } },
    el("b", {}, words), el("span", { class: "price-tab-hint" }, more));
  return el("div", { class: "price-tabs" }, tab("general", "批发", `${offer.minimum}件起批`), tab("saleproxy", "代发", "1件代发"));
}

function draw() {
  const place = document.querySelector(".module-od-main");
  place.replaceChildren(...[prices(), selection(), el("div", { class: "order-select-models" }), buttons()].filter(Boolean));
  sum();
  renamed(place);
}

function buttons() {
  const add = el("button", { type: "button", class: "v-button", "data-click": "ADD_CART", onclick: () => send("add_cart") }, "加采购车");
  const buy = el("button", { type: "button", id: "submitOrder", class: "v-button primary", "data-click": "ORDER", onclick: () => send("buy") }, "立即订购");
  return el("div", { class: "order-button-wrapper" }, el("div", { class: "order-button-children-list" }, buy, add));
}

async function send(what) {
  if (document.activeElement) document.activeElement.blur();
  const answer = await ask(`/offer/ajax/${what}.json`, { offer: offer.number, mode, rows: chosen().map(([sku, count]) => [sku.name, count]) });
  if (answer.ret !== "SUCCESS") return toast(answer.message);
  if (answer.to) { location.href = answer.to; return; }
  added(answer.message);
}

function added(words) {
  const shut = () => dialog.remove();
  const dialog = el("div", { class: "feedback-dialog-mask" }, el("div", { class: "feedback-dialog", role: "dialog" },
    el("div", { class: "feedback-dialog-message" }, words),
    el("div", { class: "feedback-dialog-foot" }, el("button", { type: "button", class: "v-button", onclick: shut }, "继续采购"),
      el("a", { class: "v-button primary", href: `${page.hosts.cart}/cart.htm` }, "去采购车结算"))));
  document.body.append(dialog);
}

function frame() {
  const hue = [...offer.number].reduce((all, digit) => all * 7 + Number(digit), 1) % 360;
  const picture = el("div", { class: "od-gallery" }, el("div", { class: "od-picture", style: `background: linear-gradient(140deg, hsl(${hue} 45% 88%), hsl(${hue} 40% 66%))` }, offer.title.slice(0, 2)));
  const head = [el("div", { class: "title-content" }, el("h1", { class: "title-text" }, offer.title)),
    el("div", { class: "od-shop" }, el("a", { class: "company-name", href: offerAt(offer.number) }, offer.seller), el("span", { class: hashed("od-shop--years") }, "诚信通 8年"),
    el("a", { class: hashed("od-shop--report"), href: `${page.hosts.air}/app/report.htm?offerId=${offer.number}&from=detail` }, "举报"))];
  app.append(el("div", { class: "od-layout" }, picture, el("div", { class: "od-right" }, ...head,
    el("div", { class: "module-od-main" }, el("div", { class: "od-skeleton" }, "价格加载中…")))));
}

offer = (await ask(`/offer/ajax/data.json?offer=${page.values.offer}`)).offer;
frame();
if (!offer.online) {
  document.querySelector(".module-od-main").replaceChildren(el("h3", { class: "mod-detail-offline-title" }, "商品已下架"), el("p", {}, "该商品已被卖家下架，看看其他货源吧。"));
} else {
  await later(120); // the prices are drawn after the page has been there a while
  first = two() ? offer.axes[0].values[0] : "";
  draw();
}
