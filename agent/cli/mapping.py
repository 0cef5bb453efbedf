"""`agent map`: the products without a supplier product, what a supplier offers for one, and the row that is chosen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from agent.cli.begin import Start
from agent.cli.listings import facts_of
from agent.cli.spoken import Command, option
from agent.cli.tell import answers, as_json, paragraphs, say, table
from agent.cli.typed import NUMBER
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
from agent.work.reasons import readable
from agent.work.run import Options
from agent.work.start import locked
from agent.work.unmapped import said


@click.command(
    cls=Command, name="map", help=later("Find the supplier product behind a product of the shop, and write the row.")
)
@click.argument("id_", type=NUMBER, required=False, metavar="[ITEM]")
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
        return _list(start, json_)
    config = start.config()
    line = _wanted_line(start, id_)
    supplier = _supplier(config, id_, supplier, product)
    most = _yuan(ceiling, "--ceiling")
    if title or cost:
        choice = _by_hand(id_, supplier, product, title, specification or "", cost, pack, most)
        return _write(start, config, id_, choice)
    offer = _offer(start, config, id_, supplier, product)
    if number is None and specification is None:
        _show(offer, line, json_)
        number = _asked(id_, offer, json_)
        if number is None:
            return 1
    return _write(start, config, id_, choice_of(offer, chosen(offer, number, specification), pack, most))


def _list(start: Start, json_: bool) -> int:
    ledger = start.ledger()
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
        names = tuple(start.config().suppliers)
        answers([(typed(rows[0][0].id, names), _("what the supplier's page offers; nothing is written yet"))], right=2)
        paragraphs([(4, "", _("Your suppliers: {}").format(", ".join(names)))] if len(names) > 1 else [])
    return 1 if rows else 0


def typed(id_: int, suppliers: Sequence[str], product: str = "", more: str = "") -> str:
    """The command for this item, as far as it is known; what is still to be filled in is named."""
    whom = suppliers[0] if len(suppliers) == 1 else "NAME"
    return readable(f"agent map {id_} --supplier {whom} --product {product or 'NO'} {more}".rstrip())


def _wanted_line(start: Start, id_: int) -> OrderLine:
    with Ledger.open(start.home.make().ledger) as ledger:
        return wanted(ledger, id_)[1]


def _supplier(config: Config, id_: int, supplier: str, product: str) -> str:
    names = tuple(config.suppliers)
    if not supplier and len(names) == 1:
        supplier = names[0]
    if supplier not in names:
        what = _("There is no supplier “{}”").format(supplier) if supplier else _("Say which supplier: --supplier NAME")
        todo = _("Known are: {names}. For example `{typed}`").format(
            names=", ".join(names), typed=typed(id_, names[:1], product)
        )
        raise ConfigError(what, todo=todo)
    if not product:
        raise ConfigError(
            _("Say the supplier's number of the product: --product NO"),
            todo=_("`{}` shows what its page offers.").format(typed(id_, [supplier])),
        )
    return supplier


def _yuan(told: str, name: str) -> Fen | None:
    if not told:
        return None
    try:
        return Fen(money_of(told))
    except NotUnderstood as error:
        raise ConfigError(f"{name}: {error}", todo=_("Write yuan with two decimals, such as 18.00.")) from error


def _by_hand(
    id_: int, supplier: str, product: str, title: str, specification: str, cost: str, pack: int, ceiling: Fen | None
) -> Choice:
    price = _yuan(cost, "--cost")
    if not title or not price:
        raise ConfigError(
            _("By hand it takes --title, --cost and, where there is one, --specification"), todo=_hand(id_, supplier, product)
        )
    return Choice(supplier, product, title, specification, price, pack, ceiling)


def _hand(id_: int, supplier: str, product: str) -> str:
    words = typed(id_, [supplier], product, _('--title "TITLE" --specification "WORDS" --cost 4.20'))
    return _("`{}`, as the supplier's page shows them; without --specification where there is only one form.").format(words)


def _offer(start: Start, config: Config, id_: int, supplier: str, product: str) -> Offer:
    account = config.suppliers[supplier].account
    if "read_product" not in config.site_of(account).flows:
        raise ConfigError(
            _("The pages of supplier {} cannot be read for this yet").format(supplier),
            todo=_hand(id_, supplier, product),
        )
    options = Options(accounts=(account,), attended=True)
    with start.look(config, options, f"map {supplier} {product}", lambda _words: None) as going:
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
    paragraphs([(0, "", _("Yours: {ours}").format(ours=said(line)))])
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
    words = typed(id_, [offer.supplier], offer.product, "--option N")
    more = (
        f"{words} --pack 2 --ceiling 5.00",
        _("this instead where two pieces make one of yours, and a piece may cost up to 5.00 yuan"),
    )
    if not sys.stdin.isatty():
        answers([(words, _("writes the row: one piece for one of yours, for at most today's price")), more])
        return None
    answers([more])
    while True:
        told = str(click.prompt(_("Which option? Its number, or Enter for none"), default="", show_default=False)).strip()
        if not told:
            say(_("Nothing was written."))
            return None
        if told.isdecimal() and 1 <= int(told) <= len(offer.options):
            return int(told)
        say(_("“{}” is no number of an option").format(told))


def _write(start: Start, config: Config, id_: int, choice: Choice) -> int:
    with locked(start.home), Ledger.open(start.home.ledger) as ledger:
        item, orders = match(config, ledger, id_, choice, SystemClock().now())
    path = config.products_path(config.shops[item.shop])
    theirs: Sequence[str] = (choice.supplier, choice.product, choice.specification)
    say(_("Written into {path}: {theirs}").format(path=path, theirs=" / ".join(word for word in theirs if word)))
    most = choice.cost if choice.ceiling is None else choice.ceiling
    say(
        _("Pieces for one of yours: {pack}; a piece may cost up to {ceiling} yuan. Both can be changed in that row.").format(
            pack=choice.pack, ceiling=yuan(most)
        )
    )
    say(_("{} orders go on: the next `agent run --once` buys them, or asks for your yes first.").format(orders))
    return 0
