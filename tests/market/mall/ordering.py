"""Making an order: the form and what its script asks for, the confirm page, the write itself with all that can go wrong."""

from __future__ import annotations

import json
from dataclasses import replace

from starlette.responses import HTMLResponse, JSONResponse, Response

from tests.market.faults import carry_out

from . import pages
from .orders import Draft, MallOrder, Quote, Refusal, Wanted
from .region_tree import ROOT, TREE
from .visit import Visit, money

# What the page says when the write was done and it claims the contrary, unless the fault has its own words.
FALSE_REFUSAL = "库存不足，请联系客服"


async def form(visit: Visit) -> Response:
    visit.session.reference = ""
    return visit.page("order_form.html", provinces=TREE.below(ROOT), longest=_longest_reference(visit))


def _longest_reference(visit: Visit) -> int | None:
    cut = visit.fires("reference_cut")
    return int(cut.value or 8) if cut else None


async def check_number(visit: Visit) -> Response:
    """Asked when the number was typed: whether it is known. From here on the session's requests are about this order."""
    visit.session.reference = visit.field("outer_sn")
    known = bool(visit.mall.orders_with(visit.reference)) if visit.reference else False
    return JSONResponse({"known": known, "longest": _longest_reference(visit)})


async def regions(visit: Visit) -> Response:
    return JSONResponse(TREE.below(int(visit.field("parent") or 0)))


async def specifications(visit: Visit) -> Response:
    product = visit.mall.products.get(visit.field("goods_sn"))
    if product is None:
        return JSONResponse({"error": f"没有找到货号 {visit.field('goods_sn')}"})
    specs = [{"name": name, "price": money(spec.price), "stock": spec.stock} for name, spec in product.specs.items()]
    return JSONResponse({"title": product.title, "specs": specs})


async def confirm(visit: Visit) -> Response:
    draft = _draft(visit)
    visit.session.reference = draft.reference
    _change_price(visit, draft)
    try:
        quote = visit.mall.check(draft)
    except Refusal as refusal:
        return _alert(str(refusal))
    sent, insurance = visit.sent.multi_items(), _rerendered(visit, quote)
    return visit.page("confirm.html", draft=draft, quote=quote, sent=sent, insurance=insurance)


def _rerendered(visit: Visit, quote: Quote) -> int | None:
    """The insurance (保价) that makes the total what `rerender_total` wants; the page's script ticks it at the last moment."""
    wanted = visit.fires("rerender_total")
    return int(float(wanted.value or quote.total + 8_900)) - quote.total if wanted else None


def _change_price(visit: Visit, draft: Draft) -> None:
    change = visit.fires("price_changes") if draft.lines else None
    if change:
        first = draft.lines[0]
        visit.mall.own_prices[draft.reference, first.product, first.spec] = int(float(change.value))


def _draft(visit: Visit) -> Draft:
    lines = zip(visit.fields("goods_sn[]"), visit.fields("goods_attr[]"), visit.fields("goods_number[]"), strict=True)
    return Draft(
        reference=visit.field("outer_sn"),
        name=visit.field("consignee"),
        phone=visit.field("mobile"),
        province=TREE.name(visit.field("province")),
        city=TREE.name(visit.field("city")),
        district=TREE.name(visit.field("district")),
        address=visit.field("address"),
        note=visit.field("postscript"),
        lines=tuple(Wanted(product, spec, int(quantity) if quantity.isdigit() else 0) for product, spec, quantity in lines),
        insurance=int(visit.field("insurance") or 0),
    )


def _alert(words: str) -> Response:
    """How PHP malls refuse a form: an alert, and back."""
    quoted = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return HTMLResponse(f"<!doctype html><meta charset=utf-8><script>alert({quoted});history.back();</script>")


async def submit(visit: Visit) -> Response:
    if not visit.session.captcha_solved and visit.fires("captcha_after"):
        return pages.captcha(visit, lambda: _order(visit))
    return await _order(visit)


async def _order(visit: Visit) -> Response:
    draft = _draft(visit)
    _change_price(visit, draft)
    numbers = [visit.mall.next_number(visit.mall.clock())]
    shown = numbers[0]
    kept = _as_kept(visit, draft)
    lie = visit.market.faults.stands("write_done_error_shown", visit.point, visit.reference)
    denial = str(lie.value) if lie and lie.value else FALSE_REFUSAL

    def done(order: MallOrder | None) -> Response:
        total = order.total if order else visit.mall.quote(draft).total
        return visit.page("done.html", number=order.number if order else shown, total=total)

    def failed() -> Response:
        return pages.message(visit, denial)

    try:
        return await carry_out(
            visit.market.faults,
            visit.point,
            visit.reference,
            write=lambda: _booked(visit, kept, numbers.pop() if numbers else ""),
            done=done,
            failed=failed,
        )
    except Refusal as refusal:
        return pages.message(visit, str(refusal))


def _booked(visit: Visit, draft: Draft, number: str) -> MallOrder:
    """The draft in the books: as an order of its own, in two, or in one that stands for the same receiver."""
    first = visit.mall.open_order_for(draft)
    if first and visit.fires("order_merges"):
        return visit.mall.merge(draft, first)
    order = visit.mall.place(draft, number)
    if visit.fires("order_splits"):
        visit.mall.split(order)
    return order


def _as_kept(visit: Visit, draft: Draft) -> Draft:
    """The draft as the server keeps it: `partial` drops or cuts one of its fields, or its last line, or a quantity."""
    texts = {name: getattr(draft, name) for name in ("reference", "name", "phone", "address", "note")}
    own = texts | {"quantity": str(draft.lines[0].quantity), "line": draft.lines[-1].product}
    cut = visit.market.faults.cut(own, visit.point, visit.reference)
    first = replace(draft.lines[0], quantity=int(cut["quantity"] or 1))
    lines = (first, *draft.lines[1:])
    return replace(draft, **{name: cut[name] for name in texts}, lines=lines if cut["line"] else lines[:-1])
