"""A site that was just taught, gone through once before the person who taught it: what it reads, and its forms filled with an example.

Nothing here commits: a flow that writes is played up to its commit, all is looked at that is looked at before the click, and the
page is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agent.errors import AgentError, MachineFailed
from agent.models import Cell, Fen, Reading, Row, Unreadable
from agent.sites.contract import WORDS, SiteKind
from agent.sites.definition import Commit, Open, Site
from agent.terms import VALUES, plain
from agent.words import _
from agent.work.compare import Difference, Meant, differences
from agent.work.example import RECEIVER, REFERENCE, at_supplier, in_shop, purchase_of, to_fill
from agent.work.goods import rows_of
from agent.work.limits import yuan
from agent.work.regions import whole_address
from agent.work.teaching import Sitting
from agent.work.values import Values

# What is gone through, in this order. What a receiver costs is not: a look at one is counted.
WALKED: Mapping[SiteKind, tuple[str, ...]] = MappingProxyType(
    {
        "supplier": ("list_orders", "read_order", "fill_order"),
        "shop": ("list_orders", "read_order", "write_note", "ship_order", "read_shipment"),
    }
)
Told = tuple[str, str, str]  # what, the example, what the page shows


@dataclass(frozen=True, slots=True)
class Played:
    """A flow that was played. `amiss`: what the page understood otherwise than the example."""

    flow: str
    rows: tuple[Told, ...]
    amiss: tuple[Difference, ...] = ()


@dataclass
class Dry:
    """What came of it. `left`: flows that were not gone through, since nothing was known to open."""

    played: list[Played] = field(default_factory=list)
    failures: list[AgentError] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.failures and not any(one.amiss for one in self.played)


def go_through(sitting: Sitting, site: Site, said: Callable[[Played], None], failed: Callable[[AgentError], None]) -> Dry:
    """Sign in, and play one flow after the other; each is said as it ends, and what kept one from its end."""
    made = Dry()
    number = ""
    sitting.lesson.use(site)
    sitting.lesson.secret = sitting.secret
    try:
        sitting.lesson.sign_in()
    except MachineFailed:
        raise
    except AgentError as error:
        _note(made, failed, error)
        return made
    for flow in (one for one in WALKED[site.kind] if one in site.flows):
        if flow not in ("list_orders", "fill_order") and not number:
            made.left.append(flow)
            continue
        try:
            played, first = _played(sitting, site, flow, number)
        except MachineFailed:
            raise
        except AgentError as error:
            _note(made, failed, error)
            continue
        number = first or number
        made.played.append(played)
        said(played)
    return made


def _note(made: Dry, failed: Callable[[AgentError], None], error: AgentError) -> None:
    made.failures.append(error)
    failed(error)


def _played(sitting: Sitting, site: Site, flow: str, number: str) -> tuple[Played, str]:
    """What a flow shows; of a list also the number of the order that the next ones open."""
    if flow == "fill_order":
        return _filled(sitting, site), ""
    values = in_shop(number) if site.kind == "shop" else at_supplier(number)
    if any(isinstance(step, Commit) for step in site.flows[flow].steps):
        if not isinstance(site.flows[flow].steps[0], Open):
            sitting.lesson.play("read_order", values)
        return Played(flow, tuple(_written(values, sitting.lesson.rehearse(flow, values)))), ""
    reading = sitting.lesson.play(flow, values)
    return Played(flow, tuple(_read(reading))), _first_number(site, reading) if flow == "list_orders" else ""


def _filled(sitting: Sitting, site: Site) -> Played:
    """The order form with the example in it, as far as the click that would place it."""
    product, specification = sitting.named_product()
    reading = sitting.lesson.play("fill_order", to_fill(product, specification))
    sitting.lesson.rehearse("submit_order", {})
    row = next(iter(rows_of(reading)), {})
    title, price = row.get("title"), row.get("unit_price")
    purchase = purchase_of(
        product,
        specification,
        title=title if isinstance(title, str) else "",
        cost=price if isinstance(price, int) else 0,
    )
    meant = Meant(purchase, RECEIVER, Fen(0), hidden=frozenset(site.lacks))
    amiss = tuple(one for one in differences(meant, reading) if not one.over_limit)
    example = {
        "receiver_name": RECEIVER.name,
        "phone": str(RECEIVER.phone),
        "region": f"{RECEIVER.province} {RECEIVER.city} {RECEIVER.district}",
        "address": whole_address(RECEIVER),
        "reference": REFERENCE,
        "lines": f"{product} / {specification} × 1",
    }
    return Played("fill_order", tuple(_read(reading, example)), amiss)


def _read(reading: Reading, example: Mapping[str, str] = MappingProxyType({})) -> Iterator[Told]:
    for name, value in reading.values.items():
        shown = _rows(value) if isinstance(value, tuple) else reading.raw.get(name, "") or _cell(name, value)
        yield plain(VALUES, name), example.get(name, ""), shown


def _rows(rows: tuple[Row, ...]) -> str:
    """How many there are, and the first of them."""
    first = " · ".join(_cell(word, cell) for word, cell in rows[0].items()) if rows else ""
    return _("{count} rows: {first}").format(count=len(rows), first=first) if rows else _("none")


def _cell(word: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Unreadable):
        return cell.raw
    return yuan(cell) if isinstance(cell, int) and WORDS.get(word) == "money" else str(cell)


def _written(values: Values, shown: Mapping[str, str]) -> Iterator[Told]:
    """Each thing the page shows before the click, beside the example that was put there."""
    examples = {name.rsplit(".", 1)[-1]: value for name, value in values.items()}
    for name, words in shown.items():
        example = examples.get(name.removeprefix("new_"), "")
        yield (
            plain(VALUES, name.rsplit(".", 1)[-1]),
            str(example[0] if isinstance(example, tuple) and example else example),
            words,
        )


def _first_number(site: Site, reading: Reading) -> str:
    """The order that the other flows open: one that waits to be sent before any other, as its number stands in the list."""
    word = "order_number" if site.kind == "shop" else "supplier_order_number"
    rows = [row for value in reading.values.values() if isinstance(value, tuple) for row in value if row.get(word)]
    rows.sort(key=lambda row: row.get("state") not in ("to_ship", "placed"))
    return str(rows[0][word]) if rows else ""
