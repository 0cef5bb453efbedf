"""Read a shop's orders, receivers still masked, and take what the take rule gives us."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, cast

from agent.config import Shop
from agent.errors import AgentError, Mismatch, PageChanged, PageLost, SiteRefused
from agent.ledger import Disposition, StoredOrder
from agent.models import Flag, MaskedReceiver, Order, OrderLine, Reading, Row, Unreadable
from agent.sites.values import how_to_mend
from agent.terms import VALUES, plain
from agent.words import _
from agent.work.left_over import ask_for_the_rest, is_left, no_more_listed, still_left
from agent.work.receiver_shown import LEVELS
from agent.work.run import Run, may_answer_the_next, mind
from agent.work.take import TakeRule, decide
from agent.work.values import order_values
from agent.work.waiting import soonest

NO_RECEIVER = MaskedReceiver("", "", "")
NO_FLAG: Flag = "grey"


def read_shop(run: Run, shop: Shop) -> list[StoredOrder]:
    """Read the shop's open orders into the ledger, decide which are ours, and return all of ours, soonest ship-by first."""
    reading = run.desk(shop.account).play("list_orders", {"account.shows": run.config.accounts[shop.account].shows})
    rows = cast(tuple[Row, ...], reading.values["orders" if "orders" in reading.values else "order_lines"])
    activated = run.ledger.activate(shop.name, run.now())
    by_order: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_order[str(row["order_number"])].append(row)
    for number in sorted(by_order, key=lambda n: _age(by_order[n][0])):
        _take_in(run, shop, number, by_order[number], activated)
    run.listed |= {(shop.name, number) for number in by_order}
    _look_at_unlisted(run, shop)
    run.tell(_("{} orders read").format(len(by_order)), account=shop.account)
    ours = [order for order in run.ledger.orders("ours") if order.shop == shop.name and run.wants(order.order_number)]
    return soonest(ours)


def take_rule(shop: Shop, activated: datetime) -> TakeRule:
    return TakeRule(shop.take.paid_after or activated, shop.take.except_flags, shop.take.except_remarks)


def _age(row: Row) -> str:
    at = row["ordered_at"]
    return at.isoformat() if isinstance(at, datetime) else ""


def _take_in(run: Run, shop: Shop, number: str, rows: list[Row], activated: datetime) -> None:
    order = _or_asked(run, shop, number, partial(_order_listed, run, shop, number, rows))
    if order is None:
        return
    run.ledger.save_order(order, run.now(), detail=False)
    _decide(run, shop, order, activated)
    if stored := run.ledger.order(shop.name, number):
        ask_for_the_rest(run, stored, _sent(rows))


def _look_at_unlisted(run: Run, shop: Shop) -> None:
    """Orders whose rest a person buys by hand, and that the list does not show any more: their own pages say whether that is done.

    Of others a rest may have become known since the list showed them.
    """
    waiting = no_more_listed(run, shop)
    for asked in waiting:
        number = asked.order_number
        if order := _or_asked(run, shop, number, partial(_order_opened, run, shop, number)):
            run.ledger.save_order(order, run.now(), detail=True)
            still_left(run, run.ledger.order(shop.name, number) or asked)
    opened = {asked.order_number for asked in waiting}
    for known in run.ledger.orders("ours"):
        number = known.order_number
        listed = known.shop != shop.name or (shop.name, number) in run.listed
        if listed or number in opened or not run.wants(number):
            continue
        if is_left(run, known):  # as its own page showed it last
            ask_for_the_rest(run, known)


def _or_asked(run: Run, shop: Shop, number: str, read: Callable[[], Order]) -> Order | None:
    """The order; None where a person is asked about it, or its page got no answer: the next run looks again, the others go on."""
    try:
        order = read()
    except PageLost as error:
        if not may_answer_the_next(run, error.at(account=shop.account)):
            raise
        run.tell(error.lines()[0], shop=shop.name, order_number=number, account=shop.account)
        return None
    except (Mismatch, PageChanged, SiteRefused) as error:
        _ask_about(run, shop, number, error)
        return None
    if run.ledger.close_item(f"unreadable:{shop.name}:{number}", run.now()):
        run.tell(_("The shop's page can be read again"), shop=shop.name, order_number=number)
    return order


def _ask_about(run: Run, shop: Shop, number: str, error: AgentError) -> None:
    error.at(order=number, account=shop.account)
    what, where, todo = error.lines()
    if run.ledger.ask(
        type(error).__name__,
        f"unreadable:{shop.name}:{number}",
        what=what,
        todo=todo,
        reason="unreadable",
        shop=shop.name,
        order_number=number,
        account=shop.account,
        evidence=error.where.evidence,
        at=run.now(),
    ):
        run.tell(what, shop=shop.name, order_number=number, account=shop.account, detail=where)
    if isinstance(error, PageChanged):
        mind(run, shop.account)


def _decide(run: Run, shop: Shop, order: Order, activated: datetime) -> None:
    """Say whose a new order is. One that is ours but for a line that was refunded is ours, too: a person buys the others."""
    stored = run.ledger.order(shop.name, order.order_number)
    if stored is None or stored.disposition != "new":
        return
    decision = decide(order, take_rule(shop, activated))
    ours = decision.take or decision.rest
    disposition: Disposition = "ours" if ours else "new" if decision.again else "not_ours"
    if (disposition, decision.reason) != (stored.disposition, stored.reason):
        run.ledger.dispose(shop.name, order.order_number, disposition, decision.reason)
        run.tell(decision.reason, shop=shop.name, order_number=order.order_number)


def _order_listed(run: Run, shop: Shop, number: str, rows: list[Row]) -> Order:
    """The order as its rows show it. Where they show no products, its own page is opened until it is known whose it is."""
    if "listed_lines" not in run.config.site_of(shop.account).lacks:
        return order_from_rows(shop.name, number, rows)
    known = run.ledger.order(shop.name, number)
    if known is None or known.disposition == "new":
        return _order_opened(run, shop, number)
    return Order(
        shop=shop.name,
        order_number=number,
        ordered_at=_known(rows[0], "ordered_at"),
        ship_by=known.ship_by,
        state=_known(rows[0], "state"),
        kind=known.kind,
        flag=known.flag,
        remark=known.remark,
        buyer_message=known.buyer_message,
        address_change=known.address_change,
        receiver=NO_RECEIVER,
        lines=known.lines,
        source=_source(rows[0]),
    )


def _order_opened(run: Run, shop: Shop, number: str) -> Order:
    """The order as its own page shows it now."""
    order = order_from_detail(shop.name, run.desk(shop.account).play("read_order", order_values(number)))
    if order.order_number != number:
        raise Mismatch(_("The shop opened order {shown} instead of {meant}").format(shown=order.order_number, meant=number))
    return order


def order_from_rows(shop: str, number: str, rows: list[Row]) -> Order:
    """The order that these rows of the list show. Raises Mismatch where a cell could not be understood.

    A row that was cancelled by itself says nothing of the others: its line is as good as refunded, and they have the order's state.
    """
    head = {word: _known(rows[0], word) for word in ("ordered_at", "flag", "remark") if word in rows[0]}
    states = {str(_known(row, "state")) for row in rows}
    living = states - {"cancelled"} or states
    return Order(
        shop=shop,
        order_number=number,
        ordered_at=head["ordered_at"],
        ship_by=None,
        state=cast(Any, living.pop() if len(living) == 1 else "partly_shipped"),
        kind=str(rows[0].get("order_kind") or ""),
        flag=head.get("flag", NO_FLAG),
        remark=str(head.get("remark") or ""),
        buyer_message=str(rows[0].get("buyer_message") or ""),
        address_change="none",
        receiver=NO_RECEIVER,
        lines=lines_from_rows([_as_refunded(row) for row in rows] if len(states) > 1 else rows),
        source=_source(rows[0]),
    )


def _as_refunded(row: Row) -> Row:
    """A line that was cancelled while others of its order were not; an open question of money stays open."""
    gone = row["state"] == "cancelled" and _known(row, "after_sales") != "open"
    return {**row, "after_sales": "refunded"} if gone else row


def _sent(rows: Iterable[Row]) -> set[str]:
    """The lines that the list shows as sent, where it has a state of each line."""
    return {str(row["line_number"]) for row in rows if "line_number" in row and row["state"] in ("shipped", "completed")}


def order_from_detail(shop: str, reading: Reading) -> Order:
    """The order that its own page shows. Raises Mismatch where a line could not be understood, or its times change places."""
    read = cast(dict[str, Any], dict(reading.values))
    ship_by = read.get("ship_by")
    if ship_by is not None and ship_by < read["ordered_at"]:
        raise Mismatch(
            _("The shop shows a ship-by time before the order was placed: {ship_by}, {ordered_at}").format(
                ship_by=reading.raw.get("ship_by", ship_by), ordered_at=reading.raw.get("ordered_at", read["ordered_at"])
            ),
            todo=_("The two may stand under each other's words. Look at the page, and mend the site file."),
        )
    return Order(
        shop=shop,
        order_number=read["order_number"],
        ordered_at=read["ordered_at"],
        ship_by=ship_by,
        state=read["state"],
        kind=read.get("order_kind") or "",
        flag=read.get("flag", NO_FLAG),
        remark=read.get("remark") or "",
        buyer_message=read["buyer_message"] or "",
        address_change=read.get("address_change", "none"),
        receiver=masked_receiver(reading),
        lines=lines_from_rows(read["lines"]),
        source=_words_in(read.get("source")),
    )


def masked_receiver(reading: Reading) -> MaskedReceiver:
    """The receiver block as the shop shows it."""
    return MaskedReceiver(str(reading.raw["receiver_name"]), str(reading.raw["phone"]), shown_address(reading))


def shown_address(reading: Reading) -> str:
    """The address as one text that begins with the region's levels, a blank behind each, also where the page shows those apart."""
    region = re.sub(r"[\s/>·,，、|-]+", " ", str(reading.raw.get("region", "")))
    levels = [region, *(str(reading.raw.get(level, "")) for level in LEVELS)]
    return " ".join(part for part in (*levels, str(reading.raw["address"])) if part)


def lines_from_rows(rows: Iterable[Row]) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            line_number=str(_known(row, "line_number")),
            title=str(_known(row, "title")),
            specification=str(_known(row, "specification")) if "specification" in row else "",
            merchant_code=str(_known(row, "merchant_code") or ""),
            quantity=int(_known(row, "quantity")),
            after_sales=_known(row, "after_sales"),
            kind=str(row.get("line_kind") or ""),
            product_id=str(row.get("product_id") or ""),
            price=_known(row, "price") if "price" in row else None,
        )
        for row in rows
    )


def _source(row: Row) -> str:
    return _words_in(_known(row, "source")) if "source" in row else ""


def _words_in(shown: str | None) -> str:
    """What stands there; nothing where it is only a sign for nothing, as `-`."""
    return shown if shown and any(sign.isalnum() for sign in shown) else ""


def _known(row: Row, word: str) -> Any:
    cell = row[word]
    if isinstance(cell, Unreadable):
        raise Mismatch(
            _("The shop shows {word} as “{raw}”: {why}").format(word=plain(VALUES, word), raw=cell.raw, why=cell.why),
            todo=how_to_mend(word),
        )
    return cell
