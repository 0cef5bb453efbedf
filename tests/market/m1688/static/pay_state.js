// What the cashier says of the newest code of an order.

import { app, ask, el, page, renamed, yuan } from "./common.js";
import { pairs } from "./parts.js";

const told = await ask(`/cashier/ajax/state.json?orderId=${encodeURIComponent(page.values.number)}`);
if (told.ret !== "SUCCESS") app.append(el("div", { class: "card order-missing" }, told.message));
else {
  const code = told.code;
  app.append(el("h1", { class: "page-title" }, "付款码状态"), el("div", { class: "card" },
    pairs("pay-state", ["订单编号", page.values.number], ["付款状态", told.state, "state"], code && ["收款方", code.payee], code && ["应付金额", yuan(code.total)], code && ["支付单号", code.payment], code && ["有效期至", code.expires_at])));
}
renamed(app);
