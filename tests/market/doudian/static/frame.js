// The frame around the pages behind the sign-in: header with the shop's name, menu, and the popups due on this page.

import { call, el, guide, notice, root, svg, wait } from "/static/page.js";

const MENU = [
  ["首页", "/ffa/mshop/homepage/index", "M12 3 2 12h3v8h5v-6h4v6h5v-8h3z"],
  ["订单管理", "/ffa/morder/order/list", "M5 3h14v18H5zm3 4v2h8V7zm0 4v2h8v-2zm0 4v2h5v-2z"],
  ["发货中心", "#", "M2 6h12v9h1V9h4l3 4v5h-2a2.500 2.500 0 0 1-5 0H9a2.500 2.500 0 0 1-5 0H2z"],
  ["售后工作台", "#", "M12 3a9 9 0 1 0 9 9h-2a7 7 0 1 1-2.050-4.950L14 10h7V3l-2.600 2.600A9 9 0 0 0 12 3z"],
  ["商品管理", "#", "M7 7V6a5 5 0 0 1 10 0v1h3l1 14H3L4 7zm2 0h6V6a3 3 0 0 0-6 0z"],
  ["资金", "#", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 11v2h3v2h-3v2h-2v-2H8v-2h3v-2H8v-2h2.300L7.500 6h2.300L12 9.600 14.200 6h2.300l-2.800 5H16v2z"],
  ["店铺", "#", "M4 4h16l2 6a3 3 0 0 1-2 2.800V20H4v-7.200A3 3 0 0 1 2 10zm3 9v5h10v-5z"],
];

// Draws the frame, fills in the shop's name when the server told it, and returns the place for the page.
export function frame(page, trail) {
  const content = el("main", { class: "content" });
  const name = el("span", { class: "headerPlace" });
  const here = page === "home" ? "首页" : "订单管理";
  root.append(
    el("header", { class: "top", id: "fxg-pc-header" },
      el("div", { class: "logo" }, el("b", {}, "抖"), el("span", {}, "抖店")),
      el("nav", { class: "topNav" }, ["工作台", "巨量千川", "精选联盟", "电商罗盘"].map((words) => el("span", {}, words))),
      el("div", { class: "topRight" }, el("span", { class: "search" }, "搜索功能 / 规则"), el("span", {}, "消息"), el("span", {}, "帮助"), name)),
    el("div", { class: "below" },
      el("aside", { class: "menu" }, MENU.map(([words, address, icon]) =>
        el("a", { href: address, class: words === here ? "menuItem on" : "menuItem" }, svg(icon, "currentColor", 18), el("span", {}, words)))),
      el("div", { class: "side" },
        trail.length ? el("div", { class: "trail" }, trail.map((words, at) => [at ? el("i", {}, "/") : null, el("span", {}, words)])) : null,
        content)));
  fill(page, name);
  return content;
}

async function fill(page, name) {
  const known = await call(`/api/shop/info?page=${page}`);
  name.replaceWith(el("div", { class: "headerShopName", title: known.shop }, known.shop));
  if (!known.notice && !known.guide) return;
  await wait(120); // popups come a moment after the page
  if (known.notice) notice();
  else guide();
}
