"""`agent map`: the products without a supplier product, what a supplier offers for one, and the row that is chosen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from agent import log
from agent.cli.begin import Start
from agent.cli.listings import facts_of
from agent.cli.spoken import Command, option
from agent.cli.step import TerminalWatcher
from agent.cli.tell import as_json, paragraphs, say, table
from agent.clock import SystemClock
from agent.config import Config
from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.models import Fen, OrderLine
from agent.sites.values import NotUnderstood, money_of
from agent.words import _, later
from agent.work.day import sign_in
from agent.work.groups import stake_of
from agent.work.limits import yuan
from agent.work.manners import note_visits
from agent.work.mapping import Choice, Offer, choice_of, chosen, match, read_offer, same, wanted
from agent.work.run import Options, always
from agent.work.start import locked, running
from agent.work.unmapped import said


@click.command(
    cls=Command, name="map", help=later("Find the supplier product behind a product of the shop, and write the row.")
)
@click.argument("id_", type=int, required=False, metavar="[ITEM]")
@option("--supplier", default="", metavar="NAME", help=later("Whom to buy it from; may be left out where there is only one."))
@option("--product", default="", metavar="NO", help=later("The supplier's number of the product (货号)."))
@option("--option", "number", type=int, metavar="N", help=later("Which of the options that its page shows."))
@option("--specification", metavar="WORDS", help=later("Or the option's own words."))
@option("--pack", type=click.IntRange(1, 1000), default=1, metavar="N", help=later("How many pieces make one of yours."))
@option("--ceiling", default="", metavar="YUAN", help=later("The most one piece may cost; left out: what it costs now."))
@option("--title", default="", metavar="WORDS", help=later("Where the supplier's page cannot be read: its title."))
@option("--cost", default="", metavar="YUAN", help=later("Where the supplier's page cannot be read: the price of a piece."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def map_(
    start: Start,
    id_: int | None,
    supplier: str,
    product: str,
    number: int | None,
    specification: str | None,
    pack: int,
    ceiling: str,
    title: str,
    cost: str,
    json_: bool,
) -> int:
    if id_ is None:
        return _list(start.ledger(), json_)
    config = start.config()
    line = _wanted_line(start, id_)
    supplier = _supplier(config, id_, supplier, product)
    most = _yuan(ceiling, "--ceiling")
    if title or cost:
        choice = _by_hand(supplier, product, title, specification or "", cost, pack, most)
        return _write(start, config, id_, choice)
    offer = _offer(start, config, supplier, product)
    if number is None and specification is None:
        _show(offer, line, json_)
        number = _asked(id_, offer, json_)
        if number is None:
            return 1
    return _write(start, config, id_, choice_of(offer, chosen(offer, number, specification), pack, most))


def _list(ledger: Ledger, json_: bool) -> int:
    rows = [(item, stake_of(ledger, item)) for item in ledger.items() if item.reason == "unmapped"]
    rows.sort(key=lambda row: (row[1].ship_by is None, row[1].ship_by, row[0].id))
    if json_:
        plain = [
            {
                "item": item.id,
                "what": item.what,
                "shop": item.shop,
                "orders": [order.order_number for order in stake.orders],
                "money": stake.money,
                "ship_by": stake.ship_by.isoformat() if stake.ship_by else None,
            }
            for item, stake in rows
        ]
        as_json("map", plain)
    elif not rows:
        say(_("Every product that waits has its supplier product."))
    else:
        now = SystemClock().now()
        paragraphs([(0, "bold", _("Products without a supplier product"))])
        paragraphs([(2, "", facts_of(f"[{item.id}] {item.what}", stake, now)) for item, stake in rows])
        first = rows[0][0].id
        paragraphs([(2, "", _("→ `agent map {} --supplier NAME --product NO` shows what the supplier offers.").format(first))])
    return 1 if rows else 0


def _wanted_line(start: Start, id_: int) -> OrderLine:
    with Ledger.open(start.home.make().ledger) as ledger:
        return wanted(ledger, id_)[1]


def _supplier(config: Config, id_: int, supplier: str, product: str) -> str:
    known = ", ".join(config.suppliers)
    if not supplier and len(config.suppliers) == 1:
        supplier = next(iter(config.suppliers))
    if supplier not in config.suppliers:
        what = _("There is no supplier “{}”").format(supplier) if supplier else _("Say which supplier: --supplier NAME")
        raise ConfigError(what, todo=_("Known are: {}").format(known))
    if not product:
        raise ConfigError(
            _("Say the supplier's number of the product: --product NO"),
            todo=_("`agent map {id} --supplier {supplier} --product NO` shows what its page offers.").format(
                id=id_, supplier=supplier
            ),
        )
    return supplier


def _yuan(told: str, name: str) -> Fen | None:
    if not told:
        return None
    try:
        return Fen(money_of(told))
    except NotUnderstood as error:
        raise ConfigError(f"{name}: {error}", todo=_("Write yuan with two decimals, such as 18.00.")) from error


def _by_hand(supplier: str, product: str, title: str, specification: str, cost: str, pack: int, ceiling: Fen | None) -> Choice:
    price = _yuan(cost, "--cost")
    if not title or not price:
        raise ConfigError(
            _("By hand it takes --title, --cost and, where there is one, --specification"),
            todo=_("`agent map --help` shows how."),
        )
    return Choice(supplier, product, title, specification, price, pack, ceiling)


def _offer(start: Start, config: Config, supplier: str, product: str) -> Offer:
    account = config.suppliers[supplier].account
    if "read_product" not in config.site_of(account).flows:
        raise ConfigError(
            _("The pages of supplier {} cannot be read for this yet").format(supplier),
            todo=_("Say it by hand: --title, --specification and --cost, as the supplier's page shows them."),
        )
    log.start(start.home.logs, screen=False)
    with running(
        start.home,
        config,
        start.secrets(),
        SystemClock(),
        Options(accounts=(account,), attended=True),
        headed=None,
        watch=TerminalWatcher(stepping=False),
        progress=lambda _words: None,
        confirm=always,
        words=f"map {supplier} {product}",
    ) as going:
        sign_in(going)
        offer = read_offer(going, supplier, product)
        note_visits(going)
        going.ledger.end_run(going.id, going.now())
    return offer


def _show(offer: Offer, line: OrderLine, json_: bool) -> None:
    if json_:
        rows = [
            {
                "option": at,
                "specification": each.specification,
                "unit_price": each.price,
                "stock": each.stock,
                "same": same(line, each),
            }
            for at, each in enumerate(offer.options, 1)
        ]
        facts = {
            "supplier": offer.supplier,
            "product": offer.product,
            "title": offer.title,
            "options": rows,
            "ours": said(line),
        }
        as_json("map", facts)
        return
    say(_("Yours: {ours}").format(ours=said(line)))
    headings = (_("option"), _("the supplier's specification"), _("yours"), _("price (yuan)"), _("in stock"), _("match"))
    cells = [
        (
            str(at),
            each.specification,
            line.specification,
            yuan(each.price),
            "" if each.stock is None else str(each.stock),
            _("the very words") if same(line, each) else "",
        )
        for at, each in enumerate(offer.options, 1)
    ]
    table(headings, cells, title=f"{offer.supplier} {offer.product}: {offer.title}")


def _asked(id_: int, offer: Offer, json_: bool) -> int | None:
    """The number that the person types; None where nobody is there to be asked."""
    if json_:
        return None
    if not sys.stdin.isatty():
        words = f"agent map {id_} --supplier {offer.supplier} --product {offer.product} --option N"
        say(_("→ `{}` writes the row; --pack and --ceiling where they are not 1 and today's price.").format(words))
        return None
    told: str = click.prompt(_("Which option? Its number, or Enter for none"), default="", show_default=False)
    if not told.strip():
        return None
    if not told.strip().isdecimal():
        raise ConfigError(_("“{}” is no number of an option").format(told), todo=_("Nothing was written."))
    return int(told)


def _write(start: Start, config: Config, id_: int, choice: Choice) -> int:
    with locked(start.home), Ledger.open(start.home.ledger) as ledger:
        item, orders = match(config, ledger, id_, choice, SystemClock().now())
    path = config.products_path(config.shops[item.shop])
    theirs: Sequence[str] = (choice.supplier, choice.product, choice.specification)
    say(_("Written into {path}: {theirs}").format(path=path, theirs=" / ".join(word for word in theirs if word)))
    say(_("{} orders go on: the next `agent run --once` buys them, or asks for your yes first.").format(orders))
    return 0
