// 诚e赊: what is owed, order by order, and until when.

import { app, ask, el, page, renamed, yuan } from "./common.js";
import { pairs, table } from "./parts.js";

const TABS = { owed: "待还款账单", all: "全部账单" };
let tab = page.values.tab;

async function load(number) {
  const told = await ask(`/bill/ajax/data.json?tab=${tab}&page=${number}`);
  const rows = told.bills.map((one) => [one.number, yuan(one.amount), one.made_on, one.due_on, one.state]);
  const button = (name, words, to, off) => el("button", { type: "button", class: `v-button ${name}`, disabled: off, onclick: () => load(to) }, words);
  app.replaceChildren(el("h1", { class: "page-title" }, "诚e赊账单"),
    el("div", { class: "card" }, pairs("credit-sums", ["信用额度", yuan(told.limit)], ["已用额度", yuan(told.used)], ["可用额度", yuan(told.left)]),
      told.words ? el("div", { class: "bill-overdue" }, told.words) : ""),
    el("div", { class: "card" }, el("div", { class: "bill-tabs" }, Object.entries(TABS).map(([key, words]) => el("a", { class: `tab-item${key === tab ? " active" : ""}`, onclick: () => { tab = key; load(1); } }, words))),
      el("a", { class: "bill-export", href: "/bill/export.xlsx" }, "下载账单"),
      table("bill-list", ["订单编号", "账单金额(元)", "出账日期", "到期还款日", "状态"], rows),
      told.count ? "" : el("div", { class: "bill-empty" }, "暂无账单"),
      el("div", { class: "bill-pager" }, el("span", { class: "bill-count" }, `共${told.count}条账单`), told.page > 1 ? button("page-prev", "上一页", told.page - 1, false) : "", told.page < told.last ? button("page-next", "下一页", told.page + 1, false) : "")));
  renamed(app);
}

app.append(el("div", { class: "od-skeleton" }, "加载中…"));
await load(1);
