"""Find the supplier product behind a product of the shop: read what the supplier's own page offers, and write the chosen row.

Reads only; nothing is ever put into a cart or a form here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from agent.config import Config
from agent.errors import ConfigError, Mismatch, Where
from agent.ledger import InboxItem, Ledger
from agent.models import Fen, OrderLine, Reading, Row, SupplierProduct, Unreadable
from agent.words import _
from agent.work.limits import yuan
from agent.work.products_write import NewProduct, add_product
from agent.work.run import Run
from agent.work.texts import exact
from agent.work.unmapped import line_of, said

AMOUNT = re.compile(r"[¥￥元]|\d\.\d")
MAPPED = "map"  # the answer that closes the item


@dataclass(frozen=True, slots=True)
class Option:
    """One specification of the supplier's product; `price` of a piece, `stock` None where the page does not show it."""

    specification: str
    price: Fen
    stock: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the supplier's page of one product shows. Options are numbered from 1, as they stand there."""

    supplier: str
    product: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be bought for one piece of the shop's: so many pieces, each for at most `ceiling`."""

    supplier: str
    product: str
    title: str
    specification: str
    cost: Fen
    pack: int
    ceiling: Fen | None  # None: no more than it costs now


def wanted(ledger: Ledger, id_: int) -> tuple[InboxItem, OrderLine]:
    """The item and the line that waits for it. Raises ConfigError for an item that is answered, or about something else."""
    item = ledger.item(id_)
    todo = _("`agent map` lists the products that wait.")
    if item is None or item.reason != "unmapped":
        raise ConfigError(_("Inbox item {} is not about a product without a supplier product").format(id_), todo=todo)
    line = line_of(ledger, item.id, item.cause)
    if item.closed_at is not None or line is None:
        raise ConfigError(_("Inbox item {} waits no longer: it was answered, or its cause is gone").format(id_), todo=todo)
    return item, line


def read_offer(run: Run, supplier: str, product: str) -> Offer:
    """The supplier's page of a product, opened anew. Raises Mismatch where it is another's, or shows nothing to choose."""
    account = run.supplier(supplier).account
    reading = run.desk(account).play("read_product", {"line.product": product})
    where = Where(account=account, flow="read_product")
    shown = str(reading.values["product"])
    if exact(shown) != exact(product):
        raise Mismatch(
            _("The supplier opened product {shown} instead of {meant}").format(shown=shown, meant=product), where=where
        )
    _refuse_money_as_stock(reading, where)
    options = _options(reading)
    if not options:
        raise Mismatch(_("The page of product {} shows nothing that could be chosen").format(product), where=where)
    return Offer(supplier, product, str(reading.values["title"]), options)


def _refuse_money_as_stock(reading: Reading, where: Where) -> None:
    """Where the stock reads `¥12.80` the price may be the stock: two columns have changed places."""
    for row in cast(tuple[Row, ...], reading.values["offers"]):
        stock = row.get("stock")
        if isinstance(stock, Unreadable) and AMOUNT.search(stock.raw):
            raise Mismatch(
                _("The page shows an amount of money as stock: “{}”").format(stock.raw),
                where=where,
                todo=_("Its columns may have changed places. Look at the page, and mend `offers` of the site file."),
            )


def _options(reading: Reading) -> tuple[Option, ...]:
    rows = cast(tuple[Row, ...], reading.values["offers"])
    return tuple(
        Option(str(row["specification"]), Fen(price), stock if isinstance(stock := row.get("stock"), int) else None)
        for row in rows
        if isinstance(price := row["unit_price"], int) and price > 0
    )


def same(line: OrderLine, option: Option) -> bool:
    """Whether the supplier calls it by the very words of the shop."""
    return exact(line.specification) == exact(option.specification)


def chosen(offer: Offer, number: int | None, specification: str | None) -> Option:
    """The option of that number (from 1), or of these words. Raises ConfigError where there is none, or two."""
    if number is not None:
        found: Sequence[Option] = offer.options[number - 1 : number] if number > 0 else ()
    else:
        found = [each for each in offer.options if exact(each.specification) == exact(specification or "")]
    if len(found) != 1:
        known = "; ".join(f"{at} {each.specification}" for at, each in enumerate(offer.options, 1))
        raise ConfigError(_("The supplier's page shows no such option"), todo=_("Offered are: {}").format(known))
    return found[0]


def choice_of(offer: Offer, option: Option, pack: int, ceiling: Fen | None) -> Choice:
    return Choice(offer.supplier, offer.product, offer.title, option.specification, option.price, pack, ceiling)


def match(config: Config, ledger: Ledger, id_: int, choice: Choice, now: datetime) -> tuple[InboxItem, int]:
    """Write the row and let all that wait for it go on; the item, and how many orders that are. The ledger's lock must be held.

    Raises ConfigError, with nothing written, for an item that does not wait, a ceiling below the price, a table in use.
    """
    item, line = wanted(ledger, id_)
    if choice.ceiling is not None and choice.ceiling < choice.cost:
        raise ConfigError(
            _("The ceiling {ceiling} is less than the price {cost}").format(
                ceiling=yuan(choice.ceiling), cost=yuan(choice.cost)
            ),
            todo=_("The ceiling is the most one piece may cost."),
        )
    product = SupplierProduct(
        choice.supplier,
        choice.product,
        choice.title,
        choice.specification,
        choice.pack,
        choice.cost,
        choice.cost if choice.ceiling is None else choice.ceiling,
    )
    row = NewProduct(line.merchant_code, line.specification, product, line.product_id)
    add_product(config.products_path(config.shops[item.shop]), row)
    waiting = ledger.waiting_orders(item.id)
    with ledger.atomic():
        ledger.answer(item.id, MAPPED, now)
        for shop, order_number in waiting:
            ledger.wait(shop, order_number, _("matched, bought by the next run"))
            ledger.tell(now, _told(line, choice), shop=shop, order_number=order_number)
    return item, len(waiting)


def _told(line: OrderLine, choice: Choice) -> str:
    theirs = " / ".join(word for word in (choice.supplier, choice.product, choice.specification) if word)
    return _("A person matched {ours} with {theirs}").format(ours=said(line), theirs=theirs)
