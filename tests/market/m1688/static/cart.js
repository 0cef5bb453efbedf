// The cart: sellers drawn one after the other, ticks and quantities kept by the server, 结算 of what it has as ticked.

import { app, ask, el, hashed, later, offerAt, renamed, toast, tricks, yuan } from "./common.js";

let groups = [];
const items = () => groups.flatMap((group) => group.items);

function box(kind, ticked, changed, words) {
  const input = el("input", { type: "checkbox", class: "next-checkbox-input" });
  input.checked = ticked;
  input.addEventListener("change", () => changed(input.checked));
  return el("label", { class: `${hashed(kind)} next-checkbox-wrapper${ticked ? " checked" : ""}` },
    el("span", { class: "next-checkbox" }, el("span", { class: "next-checkbox-inner" }, ticked ? "✓" : ""), input), words ? el("span", { class: "next-checkbox-label" }, words) : null);
}

async function tick(some, ticked) {
  const answer = await ask("/cart/ajax/tick.json", { keys: some.map((item) => item.key), ticked });
  if (answer.ret !== "SUCCESS") toast(answer.message);
  await load();
}

async function quantity(item, count) {
  const answer = await ask("/cart/ajax/quantity.json", { item: item.key, quantity: Math.floor(count) || 1 });
  if (answer.ret !== "SUCCESS") toast(answer.message);
  await load();
}

function sure(words, yes) {
  const shut = () => wrap.remove();
  const button = (kind, text, pressed) => el("button", { type: "button", class: `next-btn next-medium next-btn-${kind}`, onclick: pressed }, el("span", { class: "next-btn-helper" }, text));
  const wrap = el("div", { class: "next-overlay-wrapper opened" }, el("div", { class: "next-overlay-backdrop" }),
    el("div", { class: "next-dialog next-closeable", role: "dialog" }, el("div", { class: "next-dialog-header" }, "提示"), el("div", { class: "next-dialog-body" }, words),
      el("div", { class: "next-dialog-footer" }, button("primary", "确定", () => { shut(); yes(); }), button("normal", "取消", shut))));
  document.body.append(wrap);
}

function remove(some) {
  if (!some.length) return toast("请先选择货品");
  sure(`确定要删除选中的${some.length}种货品吗？`, async () => {
    const answer = await ask("/cart/ajax/delete.json", { keys: some.map((item) => item.key) });
    if (answer.ret !== "SUCCESS") toast(answer.message);
    await load();
  });
}

function row(item) {
  const count = el("input", { class: "next-input-count", value: item.quantity, autocomplete: "off" });
  count.addEventListener("change", () => quantity(item, Number(count.value)));
  const step = (words, by) => el("button", { type: "button", class: "next-step", onclick: () => quantity(item, item.quantity + by) }, words);
  return el("div", { class: `${hashed("item--container")}${item.gone ? " gone" : ""}` },
    item.gone ? el("span", { class: hashed("item--invalid") }, "失效") : box("item--checkbox", item.ticked, (on) => tick([item], on)),
    el("span", { class: "thumb" }, item.title.slice(0, 1)),
    el("div", { class: hashed("item--info") }, el("a", { class: hashed("item--title"), href: offerAt(item.offer) }, item.title),
      el("div", { class: hashed("item--sku") }, item.sku), item.mode === "saleproxy" ? el("span", { class: hashed("item--tag") }, "代发") : null),
    el("div", { class: hashed("item--price") }, yuan(item.price)),
    el("div", { class: hashed("item--quantity") }, step("-", -1), count, step("+", 1)),
    el("div", { class: hashed("item--amount") }, yuan(item.price * item.quantity)),
    el("a", { class: hashed("item--delete"), onclick: () => remove([item]) }, "删除"));
}

function shop(group) {
  const live = group.items.filter((item) => !item.gone);
  return el("div", { class: hashed("shop-container--container") },
    el("div", { class: hashed("shop-top--container") },
      box("shop-container--checkbox", live.length > 0 && live.every((item) => item.ticked), (on) => tick(live, on)),
      el("a", { class: hashed("shop-top--companyName"), href: offerAt(group.items[0].offer) }, group.seller), el("i", { class: "wangwang" }, "和我联系")),
    group.items.map(row));
}

function bottom() {
  const live = items().filter((item) => !item.gone);
  const ticked = live.filter((item) => item.ticked);
  const settle = () => el("button", { type: "button", class: `${hashed("bottom-bar--submitBtn")} next-btn next-btn-primary`, disabled: ticked.length === 0, onclick: go }, el("span", { class: "next-btn-helper" }, "结算"));
  return el("div", { class: hashed("bottom-bar--container") },
    box("bottom-bar--checkAll", live.length > 0 && ticked.length === live.length, (on) => tick(live, on), "全选"),
    el("a", { class: hashed("bottom-bar--delete"), onclick: () => remove(ticked) }, "删除选中"),
    el("span", { class: "spacer" }),
    el("span", { class: hashed("bottom-bar--selected") }, "已选 ", el("em", { class: hashed("bottom-bar--selectedCount") }, ticked.length), " 种货品"),
    el("span", { class: hashed("bottom-bar--sum") }, "合计（不含运费）：¥", el("em", { class: hashed("bottom-bar--total") }, yuan(ticked.reduce((all, item) => all + item.price * item.quantity, 0)))),
    "second_button" in tricks ? settle() : null, settle());
}

async function go() {
  const answer = await ask("/cart/ajax/settle.json", { settle: true });
  if (answer.ret !== "SUCCESS") return toast(answer.message);
  location.href = answer.to;
}

async function draw(slowly) {
  const list = el("div", { class: hashed("cart--list") });
  const head = el("div", { class: hashed("cart--head") }, el("h1", {}, "采购车"), el("span", {}, `全部货品 ${items().length}`));
  const empty = el("div", { class: hashed("cart-empty") }, "采购车是空的，去挑点货吧");
  app.replaceChildren(head, list);
  for (const group of groups) {
    if (slowly) await later(60);
    list.append(shop(group));
  }
  app.append(groups.length ? bottom() : empty);
  renamed(app);
}

async function load(slowly = false) {
  groups = (await ask("/cart/ajax/data.json")).groups;
  await draw(slowly);
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
await load(true);
