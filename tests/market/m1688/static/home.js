import { app, el, page } from "./common.js";

app.append(el("div", { class: "card" }, el("h1", {}, "买家工作台"), el("p", {}, "常用："),
  el("p", {}, el("a", { href: `${page.hosts.cart}/cart.htm` }, "采购车"), "　",
    el("a", { href: `${page.hosts.air}/app/ctf-page/trade-order-list/buyer-order-list.html` }, "已买到的货品"), "　",
    el("a", { href: `${page.hosts.air}/app/ctf-page/credit-bill/index.html` }, "诚e赊账单"))));
