// The page after a payment that needed nobody. It trusts its address.

import { app, el, page, renamed, yuan } from "./common.js";
import { pairs } from "./parts.js";

app.append(el("div", { class: "card pay-success" }, el("h1", {}, "付款成功"),
  pairs("success-info", ["付款金额", yuan(Number(page.values.amount)), "order-amount"], ["支付单号", page.values.paymentId], ["订单编号", page.values.numbers.join("、")]),
  el("p", {}, el("a", { href: "/app/ctf-page/trade-order-list/buyer-order-list.html" }, "查看已买到的货品"))));
renamed(app);
