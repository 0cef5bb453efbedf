"""A person's answers: what waits for a yes, side by side; yes, no, later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import answers, as_json, say, table
from agent.cli.typed import NUMBER
from agent.clock import SystemClock, told
from agent.errors import ConfigError
from agent.ledger import InboxItem, Ledger
from agent.models import SHANGHAI, Fen
from agent.sites.values import NotUnderstood, time_of
from agent.terms import ANSWERS, plain
from agent.words import _, later
from agent.work.groups import left, when
from agent.work.limits import yuan
from agent.work.margin import margin_in_words
from agent.work.review import HOLD, Asked, asked


@click.command(
    help=later("Lay out what waits for your yes: your product beside the supplier's, what it costs, how much time is left.")
)
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def review(start: Start, json_: bool) -> int:
    now = SystemClock().now()
    rows = asked(start.ledger(), now, start.known_config())
    if json_:
        as_json("review", [asdict(row) for row in rows])
    elif not rows:
        say(_("Nothing waits for your yes."))
    else:
        headings = (_("id"), _("shop order"), _("your product"), _("bought as"), _("yuan, estimated"), _("look at"))
        table(headings, [_cells(row, now) for row in rows], title=_("Waits for your yes"))
        answers(_ways(rows))
    return 1 if rows else 0


def _cells(row: Asked, now: datetime) -> tuple[str, ...]:
    """The specifications stand first, so that they are read side by side."""
    return (
        str(row.item),
        "\n".join((row.order_number, *_due(row.ship_by, now))),
        f"{row.specification} × {row.quantity}\n{row.title}",
        f"{row.their_specification} × {row.pieces}\n{row.their_title}\n{row.supplier} {row.product}",
        "\n".join(_money(row)),
        "\n".join(row.warnings),
    )


def _due(ship_by: datetime | None, now: datetime) -> tuple[str, ...]:
    return (_("ship by {}").format(when(ship_by, now)), left(ship_by - now)) if ship_by else ()


def _ways(rows: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """What to type for the most urgent one, and for all of a supplier of which several wait."""
    first = rows[0].item
    yield f"agent approve {first}", _("buy it; several numbers may stand there")
    yield f"agent reject {first}", _("leave the order to you")
    yield f"agent hold {first} --until 18:00", _("ask again then")
    for supplier in dict.fromkeys(row.supplier for row in rows):
        count = len({row.item for row in rows if row.supplier == supplier and not row.remarked})
        if count > 1:
            yield (
                f"agent approve --supplier {supplier}",
                _("buy all {} of this supplier, those with a remark left out").format(count),
            )


def _money(row: Asked) -> Iterator[str]:
    if row.total is not None:
        yield _("the filled form shows {} together").format(yuan(row.total))
    if row.income is not None:
        yield _("paid by the buyer {}").format(yuan(row.income))
    yield _("last cost {}").format(yuan(row.cost))
    if row.order_margin is not None:
        yield _("the order: {}").format(margin_in_words(row.order_margin))
    elif row.margin is not None:
        margin = yuan(Fen(abs(row.margin)))
        yield _("leaves about {}, freight not counted").format(margin if row.margin >= 0 else f"-{margin}")


@click.command(cls=Command, help=later("Say yes to inbox items: buy it, or try again."))
@click.argument("ids", nargs=-1, type=NUMBER, metavar="[ID...]")
@option("--supplier", default="", metavar="NAME", help=later("All that `agent review` lists for this supplier."))
@option("--product", default="", metavar="NO", help=later("All that `agent review` lists of this product of a supplier."))
@click.pass_obj
def approve(start: Start, ids: tuple[int, ...], supplier: str, product: str) -> int:
    ledger = start.ledger()
    if bool(ids) == bool(supplier or product):
        raise ConfigError(_("Say which: either their ids, or --supplier or --product"), todo=_("`agent review` lists them."))
    return _answer(ledger, ids or _group(ledger, supplier, product), "approve")


@click.command(cls=Command, help=later("Say no to inbox items: the order is left alone from here on."))
@click.argument("ids", nargs=-1, type=NUMBER, metavar="ID...", required=True)
@click.pass_obj
def reject(start: Start, ids: tuple[int, ...]) -> int:
    return _answer(start.ledger(), ids, "reject")


@click.command(cls=Command, help=later("Put off what waits for your yes: it is asked again by itself when the time has come."))
@click.argument("ids", nargs=-1, type=NUMBER, metavar="ID...", required=True)
@option("--until", "until_", default="", metavar="TIME", help=later("Until then: 18:00, or 2026-11-25 18:00."))
@option(
    "--before-ship-by", type=click.IntRange(1, 240), metavar="HOURS", help=later("Until so many hours before its ship-by time.")
)
@click.pass_obj
def hold(start: Start, ids: tuple[int, ...], until_: str, before_ship_by: int | None) -> int:
    if bool(until_) == bool(before_ship_by):
        raise ConfigError(_("Say either --until TIME or --before-ship-by HOURS"), todo=_("`agent hold --help` shows how."))
    ledger, now = start.ledger(), SystemClock().now()
    items = [_open(ledger, id_) for id_ in ids]
    if wrong := [item for item in items if item.kind != "review"]:
        raise ConfigError(
            _("Inbox item {} does not wait for your yes, so it cannot be put off").format(wrong[0].id),
            todo=_("`agent review` lists those that do."),
        )
    ends = [_until(until_, now) if until_ else _before(ledger, item, before_ship_by or 0) for item in items]
    if min(ends) <= now:
        raise ConfigError(_("{} is past already").format(told(min(ends))), todo=_("`agent hold --help` shows how."))
    for item, end in zip(items, ends, strict=True):
        ledger.answer(item.id, f"{HOLD}{end.isoformat()}", now)
        say(_("{id}: asked again at {time}.").format(id=item.id, time=told(end)))
    return 0


def _until(words: str, now: datetime) -> datetime:
    """The next time of that clock, or that very time."""
    if found := re.fullmatch(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])", words):
        end = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return end if end > now else end + timedelta(days=1)
    try:
        return time_of(words).astimezone(SHANGHAI)
    except NotUnderstood as error:
        raise ConfigError(str(error), todo=_("`agent hold --help` shows how.")) from error


def _before(ledger: Ledger, item: InboxItem, hours: int) -> datetime:
    order = ledger.order(item.shop, item.order_number)
    if order is None or order.ship_by is None:
        raise ConfigError(_("Order {} shows no ship-by time").format(item.order_number), todo=_("Say --until TIME."))
    return order.ship_by - timedelta(hours=hours)


def _group(ledger: Ledger, supplier: str, product: str) -> tuple[int, ...]:
    rows = asked(ledger, SystemClock().now())
    other = {row.item for row in rows if supplier not in ("", row.supplier) or product not in ("", row.product)}
    ids = tuple(dict.fromkeys(row.item for row in rows if row.item not in other and not row.remarked))
    if not ids:
        raise ConfigError(_("Nothing like that waits for your yes"), todo=_("`agent review` lists what does."))
    return ids


def _open(ledger: Ledger, id_: int) -> InboxItem:
    item = ledger.item(id_)
    if item is None:
        raise ConfigError(_("There is no open inbox item {}").format(id_), todo=_("`agent inbox` lists the open ones."))
    if item.closed_at is not None:
        raise ConfigError(_closed(item, item.closed_at), todo=_("`agent inbox` lists the open ones."))
    return item


def _closed(item: InboxItem, at: datetime) -> str:
    """Why an item takes no answer any more, and what the first answer was."""
    if not item.answered_at:
        return _("Inbox item {id} closed by itself at {time}: there is nothing to answer any more").format(
            id=item.id, time=told(at)
        )
    if item.answer.startswith(HOLD):
        until = told(datetime.fromisoformat(item.answer.removeprefix(HOLD)))
        return _("Inbox item {id} was put off until {until} already").format(id=item.id, until=until)
    return _("Inbox item {id} was answered already: {answer}, at {time}").format(
        id=item.id, answer=plain(ANSWERS, item.answer), time=told(item.answered_at)
    )


def _answer(ledger: Ledger, ids: tuple[int, ...], answer: str) -> int:
    """All of them or none: a wrong id among them answers nothing."""
    with ledger.atomic():
        for item in [_open(ledger, id_) for id_ in dict.fromkeys(ids)]:
            ledger.answer(item.id, answer, SystemClock().now())
    for id_ in dict.fromkeys(ids):
        say(_("{id}: {answer}.").format(id=id_, answer=plain(ANSWERS, answer)))
    say(_("The next `agent run --once` acts on it."))
    return 0
