"""`agent parcels`: the numbers that came for an order beside its products, and a person's word on what is in which."""

from __future__ import annotations

from collections.abc import Sequence

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import as_json, say, table
from agent.cli.typed import NUMBER
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredShipment
from agent.terms import CONTENTS, plain
from agent.words import _, later
from agent.work.inside import WrongWords, read_inside


@click.command(cls=Command, help=later("Show the parcels of an order beside its products, and say what is in which."))
@click.argument("id_", type=NUMBER, metavar="ITEM")
@option(
    "--in",
    "told",
    multiple=True,
    metavar="NUMBER=LINES",
    help=later("NUMBER=1,2x3: product 1 and three pieces of product 2 are in it. NUMBER=-: nothing of this order."),
)
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def parcels(start: Start, id_: int, told: tuple[str, ...], json_: bool) -> int:
    ledger = start.ledger()
    item = _item(ledger, id_)
    order = ledger.order(item.shop, item.order_number)
    waiting = ledger.shipments(item.shop, item.order_number, entered=False)
    if order is None or not waiting:
        raise ConfigError(_("No parcel of order {} waits to be entered").format(item.order_number))
    if not told:
        _show(order, waiting, id_, json_)
        return 1
    try:
        inside = read_inside(told, order.lines, ledger.shipments(item.shop, item.order_number))
    except WrongWords as error:
        raise ConfigError(str(error), todo=_("`agent parcels {}` shows the numbers and the products.").format(id_)) from error
    with ledger.atomic():
        for shipment, lines in inside:
            ledger.put_in(shipment.shipment, lines, "person" if lines else "nothing")
        left = [each for each in ledger.shipments(item.shop, item.order_number, entered=False) if each.contents == "unknown"]
        if not left and item.closed_at is None:
            ledger.answer(item.id, "parcels", SystemClock().now())
    say(_("Noted. The next run enters them in the shop."))
    if left:
        say(_("Still to be told: {}").format(", ".join(each.tracking_number for each in left)))
    return 0


def _item(ledger: Ledger, id_: int) -> InboxItem:
    item = ledger.item(id_)
    if item is None or not item.order_number:
        raise ConfigError(
            _("There is no inbox item {} about an order").format(id_), todo=_("`agent inbox` lists the open ones.")
        )
    return item


def _show(order: StoredOrder, waiting: Sequence[StoredShipment], id_: int, json_: bool) -> None:
    if json_:
        made = [
            {
                "carrier": each.carrier,
                "tracking_number": each.tracking_number,
                "contents": each.contents,
                "inside": dict(each.lines),
            }
            for each in waiting
        ]
        as_json("parcels", made)
        return
    numbered = {line.line_number: at for at, line in enumerate(order.lines, 1)}
    rows = [
        (str(numbered[line.line_number]), f"{line.title}\n{line.specification}", str(line.quantity)) for line in order.lines
    ]
    table((_("no."), _("product"), _("pieces")), rows, title=_("Order {}").format(order.order_number))
    cells = [(each.carrier, each.tracking_number, _inside(each, numbered)) for each in waiting]
    table((_("carrier"), _("tracking number"), _("in it")), cells, title=_("Parcels that wait"))
    say(
        _("→ `agent parcels {id} --in {number}=1` says that product 1 is in it; 2x3 are three pieces of product 2.").format(
            id=id_, number=waiting[0].tracking_number
        )
    )
    say(_("Say --in once for each number; `=-` where nothing of this order is in it."))


def _inside(shipment: StoredShipment, numbered: dict[str, int]) -> str:
    if not shipment.lines:
        return plain(CONTENTS, shipment.contents)
    return ", ".join(f"{numbered.get(line, 0)} × {count}" for line, count in shipment.lines.items())
