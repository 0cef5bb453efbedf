// The first page after the sign-in: what is to be done today.

import { call, el, spin } from "/static/page.js";
import { frame } from "/static/frame.js";

const content = frame("home", []);
content.append(spin());

const reply = await call("/api/order/tabcnt");
const todo = [["待发货", reply.data["备货中"]], ["待支付", reply.data["待支付"]], ["已发货", reply.data["已发货"]], ["已完成", reply.data["已完成"]]];
content.replaceChildren(
  el("section", { class: "card" }, el("h2", {}, "待办事项"),
    el("div", { class: "todo" }, todo.map(([words, count]) => el("div", {}, el("b", {}, String(count)), el("span", {}, words))))),
  el("section", { class: "card" }, el("h2", {}, "店铺体验分"),
    el("div", { class: "score" }, el("b", {}, "89"), el("span", {}, "商品 4.82 · 物流 4.76 · 服务 4.91"))));
