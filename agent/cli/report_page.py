"""The report of a run as one page: no script, nothing from outside, light and dark, for a phone, a screen and paper.

Every text goes through the template's escaping; what a page is about is decided in agent/work/report.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

import agent
from agent.cli.report_bars import bars_of, sizes
from agent.clock import told
from agent.terms import ANSWERS, plain
from agent.words import _
from agent.work.groups import left
from agent.work.limits import yuan
from agent.work.report import BY_HAND, Report, Total

TEMPLATE = Path(__file__).with_name("report.html")
NEAR = timedelta(hours=6)  # a ship-by time so close is shown in red


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures on top. `careful` are those that must not be overlooked."""

    label: str
    number: str
    unit: str
    more: tuple[str, ...]
    leads_to: str
    kind: str = ""
    careful: tuple[str, ...] = ()


def page(report: Report, pictures: Mapping[Path, str] | None) -> str:
    """The whole page. `pictures` says by its path how each is shown (report_pictures.py); None: a page to pass on, without any."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= _filters(report)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        lang=_("en"),  # the catalogue's answer is the name of its language
        report=report,
        pictures=pictures,
        head=_head(report, pictures),
        tiles=[_spent(report), _bought(report), _needs(report), _saved(report)],
        figures=bars_of(report.money),
        size=sizes(),
        say=_sayings(),
        foot=_foot(report),
    )


def _filters(report: Report) -> dict[str, Callable[..., Any]]:
    return {
        "yuan": yuan,
        "told": told,
        "coded": coded,
        "counted": _counted,
        "origin": lambda origin: {"found": _("stood at the supplier already"), "told": _("number named by you")}[origin],
        "answered": lambda answer: _("since then: {}").format(_answer(answer)),
        "since": lambda at: _("since {}").format(told(at)),
        "deadline": lambda at: deadline(at, report),
        "is_near": lambda at: at - report.until < NEAR,
    }


def coded(text: str, item: int | None = None) -> Markup:
    """`text` with what stands between two backticks as code; an answer in there names the inbox item that it is about."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    for at in range(1, len(parts), 2):
        parts[at] = Markup("<code>{}</code>").format(parts[at] if item is None else _about(item, parts[at]))
    return Markup("").join(parts)


def _about(item: int, command: str) -> str:
    """`agent approve`, and `agent approve ID` in the language it was written in, as it is typed for this item."""
    words = [str(item) if word in ("ID", _("ID")) else word for word in command.split(" ")]
    return " ".join([*words, str(item)] if command in ("agent approve", "agent reject") else words)


def deadline(at: datetime, report: Report) -> str:
    return _("ship by {time}, {left}").format(time=told(at), left=left(at - report.until))


def lasted(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    if not minutes:
        return _("{} s").format(seconds)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds)


def _head(report: Report, pictures: Mapping[Path, str] | None) -> dict[str, Any]:
    badges = [_("trial run: nothing was submitted")] if report.dry_run else []
    badges += [] if report.ended else [_("broken off, or still at work")]
    began = f"{report.started_at:%Y-%m-%d %H:%M}"
    when = [began, lasted(report.until - report.started_at) if report.ended else "", ", ".join(report.shops)]
    return {
        "title": _("Report of run {}").format(report.run),
        "badges": badges,
        "when": " · ".join(part for part in when if part),
        "privacy": _privacy(report, pictures),
    }


def _privacy(report: Report, pictures: Mapping[Path, str] | None) -> str:
    if pictures is None:
        return _(
            "Written without pictures, to be passed on. Buyers' names, phones and addresses that the ledger knows are masked."
        )
    if not any(pictures.values()):
        return ""
    return _(
        "The pictures show buyers' data. To pass this page on, write it without them: `agent report {} --no-pictures`"
    ).format(report.run)


def _spent(report: Report) -> Tile:
    open_, careful = report.not_certain, []
    more = []
    if stood := sum(row.amount or 0 for row in report.bought if row.origin == "found"):
        more.append(_("{} yuan of it stood there already").format(yuan(stood)))
    more.append(_("this day: {} yuan").format(yuan(report.day_total.money)))
    if open_.purchases:
        careful.append(
            _("not certain yet: {amount} yuan more ({count})").format(amount=yuan(open_.money), count=open_.purchases)
        )
    if report.run_total.without_amount:
        careful.append(_("without a known amount: {}").format(report.run_total.without_amount))
    return Tile(
        _("Spent in this run"),
        yuan(report.run_total.money),
        _("yuan"),
        tuple(more),
        "money" if report.suppliers else "bought",
        careful=tuple(careful),
    )


def _bought(report: Report) -> Tile:
    more = _("tracking numbers entered: {}").format(len(report.shipped))
    return Tile(_("Purchases in this run"), str(len(report.bought)), "", (more,), "bought")


def _needs(report: Report) -> Tile:
    waiting = report.open
    times = [item.ship_by for item in waiting if item.ship_by]
    nearest = (_("the most urgent:"), deadline(min(times), report)) if times else ()
    return Tile(
        _("Needs you"),
        str(len(waiting)),
        "",
        nearest if waiting else (_("Nothing waits for you."),),
        "waits",
        kind="urgent" if waiting else "well",
    )


def _saved(report: Report) -> Tile:
    hours, minutes = divmod(report.saved.minutes, 60)
    number = _("{hours} h {minutes} min").format(hours=hours, minutes=minutes) if hours else _("{} min").format(minutes)
    return Tile(_("Time saved, about"), number, "", (_("assumed, not measured"),), "assumed")


def _foot(report: Report) -> list[dict[str, str]]:
    saved = report.saved
    assumed = _(
        "Time saved is assumed, not measured: by hand, purchases {purchases} × {a_purchase} min and tracking numbers"
        " {shipments} × {a_shipment} min. What stood there already is not counted."
    ).format(
        purchases=saved.purchases,
        a_purchase=BY_HAND.a_purchase,
        shipments=saved.shipments,
        a_shipment=BY_HAND.a_shipment,
    )
    source = _("All of this is from the ledger, as it was at {}. Amounts are what the suppliers' own order pages showed.")
    return [
        {"id": "assumed", "text": assumed},
        {"id": "source", "text": source.format(f"{report.until:%Y-%m-%d %H:%M}")},
        {"id": "program", "text": f"doudian-purchase-agent {agent.__version__}"},
    ]


def _counted(total: Total) -> str:
    if not total.without_amount:
        return f"({total.purchases})"
    return _("({count}, {without} without amount)").format(count=total.purchases, without=total.without_amount)


def _answer(answer: str) -> str:
    if answer == "gone":
        return _("settled by itself")
    return plain(ANSWERS, answer) if answer in ANSWERS else _("answered")


def _sayings() -> dict[str, str]:
    """What the template says that is the same in every report."""
    return {
        "picture": _("picture"),
        "picture_apart": _("picture, in a file of its own"),
        "picture_gone": _("the picture is not there any more"),
        "waits": _("Needs you"),
        "nothing_waits": _("Nothing waits for you."),
        "item": _("inbox item"),
        "order_number": _("shop order"),
        "bought": _("Bought in this run"),
        "nothing_bought": _("Nothing was bought in this run."),
        "order": _("shop order"),
        "supplier": _("supplier"),
        "supplier_order_number": _("supplier order number"),
        "parcel": _("parcel"),
        "no_parcel": _("no number yet"),
        "amount": _("amount (yuan)"),
        "no_amount": _("not known"),
        "shipped": _("Tracking numbers entered in the shop"),
        "nothing_shipped": _("No tracking number was entered in this run."),
        "stood_in_shop": _("stood in the shop already"),
        "carrier": _("carrier"),
        "tracking_number": _("tracking number"),
        "goes_on": _("Not bought yet; goes on by itself"),
        "why": _("why"),
        "ship_by": _("ship by"),
        "troubles": _("Not done; the next run tries again"),
        "days": _("Margin, and what falls due"),
        "in_yuan_now": _("yuan, as known now"),
        "money": _("Money by supplier"),
        "in_yuan": _("yuan (purchases)"),
        "this_run": _("this run"),
        "this_day": _("this day"),
        "together": _("together"),
    }
