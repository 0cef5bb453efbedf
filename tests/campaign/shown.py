"""The table of ends as both READMEs show it: `python -m tests.campaign.shown zh` prints it in Chinese."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Literal

from agent import words
from agent.work.reasons import REASONS
from tests.campaign.ends import DROPPED, RIGHT, TABLE, Cell
from tests.campaign.marketplace_ends import BUTTON, MARKETPLACE_TABLE
from tests.campaign.money_ends import AT_ONCE, MARKETPLACE, MONEY, TAKEN_THERE

Language = Literal["en", "zh"]
Said = tuple[str, str]  # in English, in Chinese

HEADINGS: tuple[Said, ...] = (
    ("where it strikes", "出事的一步"),
    ("done once, as meant, nobody is asked", "照样做对一次，不用问人"),
    ("asks you, does it no second time", "停下来问你，绝不做第二次"),
)
_OFFER: Said = ("buying at 1688: the offer", "在 1688 下单：商品页")
_CART: Said = ("buying at 1688: the cart", "在 1688 下单：采购车")
_CONFIRM: Said = ("buying at 1688: its confirm page", "在 1688 下单：确认页")
_ADDRESS: Said = ("buying at 1688: the address", "在 1688 下单：收货地址")
_LIST: Said = ("buying at 1688: proof in its list", "在 1688 下单：在已买到的货品里核对")
_DETAIL: Said = ("buying at 1688: proof on the order's page", "在 1688 下单：在订单详情里核对")
STEPS: Mapping[tuple[str, str, str], Said] = {
    ("submit", "shop", "detail"): ("buying: the order in the shop", "下单：店铺的订单详情"),
    ("submit", "shop", "reveal"): ("buying: the receiver is revealed", "下单：查看收件信息"),
    ("submit", "supplier", "check"): ("buying: the supplier's form", "下单：供应商的表单"),
    ("submit", "supplier", "confirm"): ("buying: its confirm page", "下单：确认页"),
    ("submit", "supplier", "submit"): ("buying: the click that orders", "下单：提交的那一次点击"),
    ("submit", "supplier", "list"): ("buying: proof in its list", "下单：在供应商列表里核对"),
    ("submit", "supplier", "detail"): ("buying: proof on the order's page", "下单：在供应商订单页里核对"),
    ("submit", "marketplace", "offer"): _OFFER,
    ("submit", "marketplace", "offer_data"): _OFFER,
    ("submit", "marketplace", "add"): ("buying at 1688: into the cart", "在 1688 下单：加采购车"),
    ("submit", "marketplace", "cart"): _CART,
    ("submit", "marketplace", "cart_data"): _CART,
    ("submit", "marketplace", "cart_change"): _CART,
    ("submit", "marketplace", "settle"): _CART,
    ("submit", "marketplace", "confirm"): _CONFIRM,
    ("submit", "marketplace", "confirm_data"): _CONFIRM,
    ("submit", "marketplace", "address_data"): _ADDRESS,
    ("submit", "marketplace", "address"): _ADDRESS,
    ("submit", "marketplace", "message"): ("buying at 1688: the message to the seller", "在 1688 下单：给卖家留言"),
    ("submit", "marketplace", BUTTON): (
        "buying at 1688: what the page does of the click",
        "在 1688 下单：点下提交后页面自己的动作",
    ),
    ("submit", "marketplace", "submit"): ("buying at 1688: the click that orders", "在 1688 下单：提交的那一次点击"),
    ("submit", "marketplace", "list"): _LIST,
    ("submit", "marketplace", "list_data"): _LIST,
    ("submit", "marketplace", "detail"): _DETAIL,
    ("submit", "marketplace", "detail_data"): _DETAIL,
    ("note", "shop", "note"): ("flag and remark in the shop", "店铺的旗标和备注"),
    ("ship", "shop", "ship_page"): ("tracking number: the form", "快递单号：发货表单"),
    ("ship", "shop", "ship"): ("tracking number: the click", "快递单号：发货的那一次点击"),
    ("change", "shop", "detail"): ("changed number: the order in the shop", "改单号：店铺的订单详情"),
    ("change", "shop", "change"): ("changed number: the click", "改单号：保存的那一次点击"),
    ("pay", "shop", "detail"): ("paying: the order in the shop", "付款：店铺的订单详情"),
    ("pay", "supplier", "cashier"): ("paying: the cashier", "付款：收银台"),
    ("pay", "supplier", "click"): ("paying: the click that pays, or brings the code up", "付款：付款（或出码）的那一次点击"),
    ("pay", "supplier", "code"): ("paying: the code to scan", "付款：付款码"),
    ("pay", "supplier", "scan"): ("paying: you and the code", "付款：你扫码的时候"),
    ("pay", "supplier", "proof"): ("paying: proof on the order's page", "付款：在供应商订单页里核实"),
    ("pay", "supplier", "statement"): ("paying: proof in the statement", "付款：在资金明细里核实"),
    ("cancel", "shop", "detail"): ("cancelling: the order in the shop", "取消：店铺的订单详情"),
    ("cancel", "supplier", "proof"): ("cancelling: the supplier's order page", "取消：供应商的订单页"),
    ("cancel", "supplier", "click"): ("cancelling: the click", "取消：取消的那一次点击"),
}
# By how it is paid, where an end is not the same for all ways.
WAYS: Mapping[tuple[str, ...], Said] = {
    (): ("", ""),
    ("balance",): ("balance", "余额"),
    ("qr",): ("code", "扫码"),
    AT_ONCE: ("not by code", "扫码以外"),
    MARKETPLACE: ("not from the balance", "余额以外"),
    TAKEN_THERE: ("credit, auto debit", "诚e赊、免密"),
}
BY_WAY = ("cashier", "click")  # at the other steps it is told by the step itself
FAULTS: Mapping[str, Said] = {
    "slow": ("answers late", "响应慢"),
    "error_500": ("error 500", "报错 500"),
    "drop_before": ("cut off before it arrives", "到达前断线"),
    "drop_after": ("cut off after it arrived", "到达后断线"),
    "session_expires": ("signed out", "登录过期"),
    "captcha_before": ("a slider before it", "先出滑块"),
    "captcha_after": ("a slider in its place", "中途出滑块"),
    "reference_cut": ("the reference is cut short", "采购单号被截短"),
    "popup": ("a notice lies over it", "弹窗挡住"),
    "hidden_twin": ("an invisible twin of the button", "多一个看不见的同名按钮"),
    "second_button": ("two such buttons", "两个同名按钮"),
    "renamed_label": ("a label reads otherwise", "页面上的字改了"),
    "rerender_total": ("the total changes right after", "金额随后变了"),
    "browser_asks": ("a browser dialog nobody named", "冒出没见过的浏览器对话框"),
    "late_post": ("sent seconds after the click, so never", "点击几秒后才发，等于没发"),
    "leaving_post": ("sent as the page is left, so never", "离开页面时才发，等于没发"),
    "buyer_cancels": ("the buyer cancels meanwhile: not bought", "买家这时取消：不拍"),
    "paused": ("you pause the account meanwhile: not bought", "你这时暂停了账号：不拍"),
    "day_full": ("it would pass the day's limit", "会超出当天的额度"),
    "page_retry": ("the page sends again by itself", "页面自己再发一次"),
    "double_click": ("the page sends it twice", "页面一次发两遍"),
    "price_changes": ("another price", "价格变了"),
    "write_done_error_shown": ("done, and an error is shown", "做成了却显示出错"),
    "lands_later": ("done only later", "过后才做成"),
    "second_run": ("this program started a second time", "本程序又被启动一次"),
    "kill_before": ("this program killed as it is sent", "发出时本程序被强行中断"),
    "kill_after": ("this program killed before the answer", "收到答复前本程序被强行中断"),
    "order_splits": ("made into two orders", "拆成两单"),
    "success_shown_write_rejected": ("success is shown, nothing was done", "显示成功却没做"),
    "twice": ("the site does it twice", "网站做了两次"),
    "partial": ("a field is dropped or cut", "丢了或截断了一个字段"),
    "stray_filter": ("an old filter stays", "残留着旧筛选"),
    "list_lags": ("the list lags behind", "列表更新慢"),
    "list_empty": ("the list shows nothing", "列表一时是空的"),
    "sms_before": ("a text message's code is asked for before it", "先要短信验证码"),
    "sms_after": ("a text message's code is asked for in its place", "中途要短信验证码"),
    "payee_changes": ("another payee", "收款方变了"),
    "extra_payment": ("a stranger's order among those to be paid", "混进别人的待付款单"),
    "repriced": ("another price", "改价"),
    "freight_changes": ("another freight", "运费变了"),
    "code_amount": ("another amount than the cashier showed", "金额和收银台不一样"),
    "kill_in_proof": ("this program killed before it looked", "核实之前本程序被强行中断"),
    "paid_in_app": ("somebody pays it in the app", "有人在 App 里付了"),
    "supplier_cancels": ("the supplier cancels the order", "供应商取消了订单"),
    "shipped_now": ("the supplier sends it", "供应商这时发了货"),
    "wanted_again": ("the buyer wants it after all: not cancelled", "买家又要了：不取消"),
    "too_little": ("too little balance or credit, or a limit", "余额、额度不够"),
    "code_expires": ("nobody scans it, and it expires: another is made", "没人扫、过期：换一个新码"),
    "foreign_goods": ("somebody else puts goods into it", "别人往里放了货"),
    "extra_seller": ("goods of another seller on it", "混进别家的货"),
    "garbled_address": ("the site garbles what was entered", "网站把地址改乱"),
    "stock_gone": ("sold out meanwhile", "这时卖完了"),
    # where it matters what it is about
    "buyer_cancels of pay": ("the buyer cancels meanwhile", "买家这时取消"),
    "leaving_post of pay": ("sent as the page is left", "离开页面时才发"),
    "late_post of pay": ("sent seconds after the click", "点击几秒后才发"),
    "second_button of pay": ("two such buttons, once", "有一回有两个同名按钮"),
}
# At the marketplace, by its end, where one fault has several.
THERE: Mapping[tuple[str, str], Said] = {
    ("foreign_goods", "PageChanged"): ("the very same as ours", "和我们的同款"),
    ("price_changes", RIGHT): ("within what you allow", "没超上限"),
    ("renamed_label", RIGHT): ("that of the button", "按钮上的"),
    ("garbled_address", RIGHT): ("as it is pasted", "智能识别时"),
    ("garbled_address", "Mismatch"): ("as it is kept", "保存时"),
    ("late_post", "too_often"): ("each time", "每次都是"),
}


def rows(language: Language) -> list[str]:
    """The lines of the table, in Markdown."""
    at = 0 if language == "en" else 1
    words.use(language)
    lines = [_row(heading[at] for heading in HEADINGS), "|---|---|---|"]
    for step, cells in groupby((*TABLE, *MARKETPLACE_TABLE, *MONEY), key=lambda cell: STEPS[cell.write, cell.where, cell.step]):
        told = list(cells)
        right = _listed([cell for cell in told if cell.end in (RIGHT, DROPPED)], at)
        asks = [cell for cell in told if cell.end not in (RIGHT, DROPPED)]
        reasons = dict.fromkeys(cell.end for cell in asks)
        groups = [f"**{_title(end)}**: {_listed([cell for cell in asks if cell.end == end], at)}" for end in reasons]
        lines.append(_row((step[at], right, " · ".join(groups))))
    return lines


def _title(reason: str) -> str:
    return words._(REASONS[reason].title)


def _listed(cells: list[Cell], at: int) -> str:
    return ("、" if at else ", ").join(dict.fromkeys(_named(cell, at) for cell in cells))


def _named(cell: Cell, at: int) -> str:
    words = FAULTS.get(f"{cell.fault} of {cell.write}", FAULTS[cell.fault])[at]
    change = THERE.get((cell.fault, cell.end), ("", ""))[at] if cell.where == "marketplace" else ""
    if cell.fault == "repriced":
        change = ("dearer", "涨了")[at] if float(cell.values[0] or 0) > 0 else ("cheaper", "降了")[at]
    if cell.fault == "late_post" and cell.end == RIGHT and cell.write == "pay" and cell.methods != ("qr",):
        change = ("in time", "还来得及")[at]
    if cell.write == "pay" and cell.fault == "payee_changes" and cell.step == "cashier":
        change = ("each time", "每次都是")[at] if cell.times is None else ("once", "只有一回")[at]
    told = [each for each in (change, WAYS[cell.methods][at] if _tells_way(cell) else "") if each]
    if not told:
        return words
    return f"{words}（{'、'.join(told)}）" if at else f"{words} ({', '.join(told)})"


def _tells_way(cell: Cell) -> bool:
    return cell.step in BY_WAY and cell.fault != "renamed_label"  # another label at each site, the same end


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


if __name__ == "__main__":
    print("\n".join(rows("zh" if "zh" in sys.argv[1:] else "en")))
