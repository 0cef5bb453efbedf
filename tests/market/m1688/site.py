"""A marketplace like 1688 as a web server: five hosts of one site, many sellers behind one cart. Built to DOMAIN.md 2.1.

The hosts listen on five ports of 127.0.0.1: cookies do not look at ports, so one sign-in is valid on all of them, as
.1688.com's is. Where each listens is `market.addresses.hosts["m1688"][host]`. An address that belongs to another host is a 404.

    login   /member/signin.htm?Done=…      a frame /mini_login.htm: #fm-login-id, #fm-login-password, button 登录
    detail  /offer/{offerId}.html          /wrongpage.html where there is no such offer
    cart    /cart.htm
    order   /order/confirm.htm?receiptId=…&key=…
    air     /app/ctf-page/payment-cashier-pc-air/cashier.html?…orderId=…        one order
            /app/ctf-page/payment-cashier-pc-air/batch-cashier.html?…cashierOrderNo=…,…    one order a seller
            /app/ctf-page/trade-order-list/buyer-order-list.html
            /app/ctf-page/trade-order-detail/index.html?orderId=…
            …/qrcode.html?paymentId=…  …/success.html?paymentId=…  /cashier/state?orderId=…     (*)
            /app/ctf-page/credit-bill/index.html  /bill/export.xlsx                             (*)
            /app/buyer-home.htm                where sign-in ends when nothing else was asked for
    all     /_____tmd_____/punish          the slider (滑块验证); the whole page, or in a frame over the page at a write
            /_____tmd_____/sms             (*) the same with a code of a text message

Everything is drawn by scripts after the page came, from /…/ajax/… of the same host. On every page of somebody signed in:
`.alibar .account-id` says who. Marked (*) is what DOMAIN.md does not name: made up here.

offer: h1.title-text(*), .company-name(*), a[href*="offerId="](*) 举报; h3.mod-detail-offline-title (已下架) instead of all
  below; .price-tab(*) 批发 / 代发 where the offer has both; .module-od-sku-selection: button.sku-filter-button (first axis, the chosen one has
  .active), .expand-view-item with .item-label, .item-price-stock(*) (two spans: ¥18.00 and 库存50件) and
  .ant-input-number-input; an offer of one axis has rows alone. Quantities of another first axis are kept, and go into the
  cart, too. .order-select-models .total-price strong, .total-freight-fee strong, .total-quantity strong(*);
  button[data-click=ADD_CART] 加采购车, button#submitOrder.v-button.primary 立即订购. Then .feedback-dialog-message 加购成功
  with buttons 继续采购 and 去采购车结算(*); what is refused says so in .ant-message-notice.
cart: Fusion Next under hashed classes: [class*="shop-container--container"] a seller, a[class*="companyName"];
  [class*="item--container"](*) one specification, with label[class*="item--checkbox"] over input.next-checkbox-input
  (opacity 0), a[class*="item--title"], [class*="item--sku"], [class*="item--price"], [class*="item--quantity"] input,
  a[class*="item--delete"] 删除 → .next-dialog 确定/取消; label[class*="shop-container--checkbox"] and
  label[class*="bottom-bar--checkAll"] 全选; [class*="bottom-bar--selectedCount"], [class*="bottom-bar--total"],
  [class*="bottom-bar--submitBtn"] 结算; [class*="cart-empty"] 采购车是空的. Ticks are the server's: what is there already
  stays ticked; what a page adds comes without.
confirm: .address-current(*) with .address-name, .address-phone, .address-place "省 市 区 [镇] detail", a.address-action
  更改地址 → .ant-modal 选择收货地址: .address-item (.selected), .address-subject with .address-name and .address-phone,
  button.ant-btn-text 编辑 (shown in the selected one), 新增收货地址, 确 定; 编辑 → .ant-modal 编辑收货地址: textarea
  #addressPaste + button 识 别, input#fullName, input#mobile, .ant-cascader → .ant-cascader-menu li.ant-cascader-menu-item
  (three or four columns; the choice stands in .ant-select-selection-item), textarea#address, 保 存, 取 消.
  .order-group-container > .order-inner a seller: .shop-title .shop-link, .offer-container with a[href*="offer/"] and
  .cargo-container per specification (.cargo-spec, .cargo-price, .cargo-quantity, .cargo-amount), .order-footer with
  .leave-message-container > q-textarea (open shadow root: div.q-textarea > textarea), .group-freight, .group-total(*).
  .order-summary(*) with .goods-total, .freight-total, .pay-total (beside 应付总额); q-button[type=primary] 提交订单
  (open shadow root: div.q-button) with disabled and loading as true/false. .order-error(*) says why not.
cashier: .order-no one per order; (*) dl.cashier-sums of 收款方 and 应付金额, table.cashier-orders (订单编号 卖家 金额(元)),
  .method-item a method with label and .method-hint, button.pay-submit 立即付款, .pay-error. qrcode (*): #J_qrCode img, dl of
  收款方, 应付金额, 有效期至, 支付单号, .qr-order an order, .qr-state, .qr-waiting until there is a code. success (*): h1 付款成功.
  state (*): h1 付款码状态, dl of 订单编号, 付款状态 and, with a code, 收款方, 应付金额, 有效期至. bill (*): h1 诚e赊账单, dl of
  信用额度, 已用额度, 可用额度; .bill-overdue; .tab-item 待还款账单 / 全部账单; table.bill-list (订单编号 账单金额(元) 出账日期
  到期还款日 状态), .bill-count 共N条账单, .bill-empty, a.bill-export 下载账单. order list: app-root → order-list → order-item
  [data-tracker-args*="orderId="] (all with open shadow roots) → order-item-status (div.order-status, a.order-detail-action
  订单详情), order-item-total-price (div.total-price, div.carriage), order-item-seller-info (span.company-name,
  span.order-id, span.order-time(*)), order-item-entry-product (a.product-name, span.sku-info-item, span.quantity-amount,
  span.unit-price(*)); in order-list: div.tab-item(*), q-select[placeholder=下单时间], div.order-empty 暂无订单,
  div.order-count 共N条订单, button.page-prev 上一页 / button.page-next 下一页. Ten a page, thirty under 待付款; (*) an unpaid one has
  .order-check input, and the bar a button.merge-pay 合并付款.
order detail (all *): h1 订单详情, .order-status, .refund-status, dl of 订单编号, 下单时间, 付款时间, 卖家, 收货人, 手机, 收货地址,
  买家留言; table.detail-goods (货品 规格 单价(元) 数量 金额(元)), dl of 货品总价, 运费, 涨价或折扣, 实付款;
  .logistics-item a parcel with dl of 物流公司, 运单号, 发货时间, 物流状态 and table.logistics-goods (货品 规格 数量);
  .logistics-empty 卖家暂未发货; dl of 已付金额, 已退金额, 退款状态; table.detail-payments (支付单号 方式 金额(元) 时间); a.pay-action 付款,
  button.cancel-order 取消订单 → .ant-modal 取消订单 with 确定取消, then .cancel-done.

Points, for faults: login; offer offer_data add buy; cart cart_data cart_change settle; confirm confirm_data address
address_data message submit; cashier cashier_data pay paid; code code_data pay_state; state state_data; bill bill_data
bill_export; list list_data; detail detail_data cancel; home; and "scan", when a telephone is held before a code. At a
page of several kinds the name without _data is the document, the other what its script asks for. A fault is bound to the
reference in the message to the seller, an order number, or an offer; at the cart, to one that the page put there, at the
address, to one of the confirm page opened last. Pranks of the page at the write (double_click, late_post,
second_button …) are at point "submit", "pay" or "cancel". Faults of this site alone:
foreign_goods (cart), extra_seller (confirm), garbled_address (address, address_data), stock_gone (confirm_data, submit),
order_splits (submit); repriced and freight_changes (cashier_data, pay), payee_changes (cashier_data, pay, code_data,
state_data), extra_payment (cashier_data), code_amount (pay), sms_before (cashier), sms_after (pay). Where several orders
are paid together, a fault may be bound to any of them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.market.faults import CutConnection, hindrance

from . import bought, buying, cashier, checkout, ordering, signing
from .state import M1688State, Session
from .visit import MESSAGE_CODE, PUNISH, SIGN_IN, Visit

if TYPE_CHECKING:
    from tests.market.core import Market

__all__ = ["HOSTS", "M1688State", "app"]

HOSTS = ("login", "detail", "cart", "order", "air")
COOKIE = "cookie2"


@dataclass(frozen=True)
class Door:
    """One address: its host ("" for any), the point its faults are bound to, who answers, whether one must be signed in."""

    host: str
    point: str
    answer: Callable[[Visit], Awaitable[Response]]
    signed_in: bool = True
    hindered_itself: bool = False  # a write meets its faults around the write, not before it


DOORS: Mapping[str, Door] = {
    SIGN_IN: Door("login", "login", signing.page, signed_in=False),
    "/mini_login.htm": Door("login", "login", signing.frame, signed_in=False),
    "/newlogin/ajax/login.do": Door("login", "login", signing.log_in, signed_in=False),
    "/member/signout.htm": Door("login", "login", signing.log_out),
    PUNISH: Door("", "punish", signing.punish, signed_in=False),
    "/_____tmd_____/ajax/slide": Door("", "punish", signing.slid, signed_in=False),
    MESSAGE_CODE: Door("", "punish", signing.message_page, signed_in=False),
    "/_____tmd_____/ajax/sms": Door("", "punish", signing.typed, signed_in=False),
    signing.HOME: Door("air", "home", signing.home),
    "/offer/{number}.html": Door("detail", "offer", buying.offer),
    "/wrongpage.html": Door("detail", "offer", buying.wrong, signed_in=False),
    "/offer/ajax/data.json": Door("detail", "offer_data", buying.offer_data),
    "/offer/ajax/add_cart.json": Door("detail", "add", buying.add, hindered_itself=True),
    "/offer/ajax/buy.json": Door("detail", "buy", buying.buy),
    "/cart.htm": Door("cart", "cart", buying.cart),
    "/cart/ajax/data.json": Door("cart", "cart_data", buying.cart_data),
    "/cart/ajax/tick.json": Door("cart", "cart_change", buying.tick, hindered_itself=True),
    "/cart/ajax/quantity.json": Door("cart", "cart_change", buying.change_quantity),
    "/cart/ajax/delete.json": Door("cart", "cart_change", buying.delete, hindered_itself=True),
    "/cart/ajax/settle.json": Door("cart", "settle", buying.settle),
    buying.CONFIRM: Door("order", "confirm", checkout.page),
    "/order/ajax/data.json": Door("order", "confirm_data", checkout.data),
    "/order/ajax/book.json": Door("order", "address_data", checkout.book),
    "/order/ajax/regions.json": Door("order", "address_data", checkout.regions),
    "/order/ajax/parse.json": Door("order", "address_data", checkout.parse),
    "/order/ajax/save_address.json": Door("order", "address", checkout.save_address, hindered_itself=True),
    "/order/ajax/choose_address.json": Door("order", "address", checkout.choose_address),
    "/order/ajax/message.json": Door("order", "message", checkout.message),
    ordering.SUBMIT: Door("order", "submit", checkout.submit, hindered_itself=True),
    cashier.CASHIER: Door("air", "cashier", cashier.page),
    cashier.BATCH_CASHIER: Door("air", "cashier", cashier.page),
    "/cashier/ajax/data.json": Door("air", "cashier_data", cashier.data),
    "/cashier/ajax/pay.json": Door("air", "pay", cashier.pay, hindered_itself=True),
    cashier.SUCCESS: Door("air", "paid", cashier.success),
    cashier.CODE: Door("air", "code", cashier.code),
    "/pay/ajax/code.json": Door("air", "code_data", cashier.code_data),
    cashier.PICTURE: Door("air", "picture", cashier.picture),
    cashier.POLL: Door("air", "pay_state", cashier.poll),
    cashier.STATE: Door("air", "state", cashier.state),
    "/cashier/ajax/state.json": Door("air", "state_data", cashier.state_data),
    cashier.BILL: Door("air", "bill", cashier.bill),
    "/bill/ajax/data.json": Door("air", "bill_data", cashier.bill_data),
    cashier.EXPORT: Door("air", "bill_export", cashier.export),
    "/app/ctf-page/trade-order-list/buyer-order-list.html": Door("air", "list", bought.order_list),
    "/list/ajax/data.json": Door("air", "list_data", bought.list_data),
    "/app/ctf-page/trade-order-detail/index.html": Door("air", "detail", bought.detail),
    "/detail/ajax/data.json": Door("air", "detail_data", bought.detail_data),
    "/detail/ajax/cancel.json": Door("air", "cancel", bought.cancel, hindered_itself=True),
}


def app(market: Market) -> Starlette:
    """The marketplace as one Starlette application for all its hosts; its state is `market.m1688`."""

    def at(door: Door) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            host = _host(market.m1688, request)
            if door.host not in ("", host):
                return Response("404 Not Found", 404)
            key, session, new = _session_of(market.m1688, request)
            body = await request.body()
            sent = json.loads(body) if body else {}
            visit = Visit(market, request, session, sent, host, door.point)
            if _sent_by_chromium_again(visit, body):
                return CutConnection()
            response = await _serve(visit, door, key)
            if isinstance(response, CutConnection):
                session.cut = (request.url.path, body)
            if new:
                response.set_cookie(COOKIE, key, httponly=True)
            return response

        return answered

    static = Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    doors = [Route(path, at(door), methods=["GET", "POST"]) for path, door in DOORS.items()]
    return Starlette(routes=[static, *doors])


def _host(site: M1688State, request: Request) -> str:
    return next((host for host, address in site.addresses.items() if address == str(request.base_url).rstrip("/")), "")


def _session_of(site: M1688State, request: Request) -> tuple[str, Session, bool]:
    key = request.cookies.get(COOKIE, "")
    if key in site.sessions:
        return key, site.sessions[key], False
    return *site.open_session(), True


def _sent_by_chromium_again(visit: Visit, body: bytes) -> bool:
    """Whether the browser, not the page, sends this; see the mall's. Repeats do nothing unless `takes_repeats`."""
    cut, visit.session.cut = visit.session.cut, None
    if cut != (visit.request.url.path, body) or visit.request.method != "POST" or visit.site.takes_repeats:
        return False
    visit.session.cut = cut
    visit.site.repeats.append(visit.request.scope["market.record"])
    return True


async def _serve(visit: Visit, door: Door, key: str) -> Response:
    visit.request.scope["market.record"].order = visit.order
    if visit.fires("session_expires"):
        visit.site.sessions.pop(key, None)
        return visit.to_sign_in()
    if door.signed_in and not visit.session.user:
        return visit.to_sign_in()
    if not door.hindered_itself:
        hindered = await hindrance(visit.market.faults, visit.point, visit.order)
        if hindered:
            return hindered
    if not visit.session.captcha_solved and visit.fires("captcha_before"):
        return signing.slider(visit, (lambda: door.answer(visit)) if visit.is_script else None)
    return await door.answer(visit)
