"""What an order leaves: what the buyer pays, less goods, freight and the platform's fees. Pure; money in 分.

Each fee is rounded to whole 分 by itself, half a 分 up, and so is a floor that is a share of the income. Fees are always
estimates: the platform settles them later, by rules of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from agent.config import Fees, Shop
from agent.errors import LimitReached, Where
from agent.models import Fen, OrderLine, Percent
from agent.words import _
from agent.work.limits import yuan
from agent.work.money import FeesOf


@dataclass(frozen=True, slots=True)
class Cost:
    """What one purchase costs, its freight in `total`. `known`: read off its filled form, or proven; else last time's prices.

    `freight` is None where it is not known apart.
    """

    total: Fen
    freight: Fen | None
    known: bool


@dataclass(frozen=True, slots=True)
class Margin:
    """What an order leaves, with every part of it.

    `income` is None where the shop does not show it, and with it the fees that are shares of it, their sum, and `margin`.
    `rated`: the commission on orders from `source` is known; where it is not, neither are the sum and `margin` of any income.
    `reckoned`: some of the goods by last time's prices. `freight` is what is known of it apart; `whole`: that is all of it,
    else more stands in the goods, or is still to come.
    """

    income: Fen | None
    source: str
    rated: bool
    goods: Fen
    reckoned: bool
    freight: Fen
    service: Fen | None
    commission: Fen | None
    insurance: Fen
    fixed: Fen
    fees: Fen | None
    margin: int | None
    whole: bool
    estimated: bool


def income_of_lines(lines: Sequence[OrderLine], bought: Collection[str]) -> Fen | None:
    """What the buyer paid for the lines of these numbers; None where the shop does not show it of every one."""
    paid = {line.line_number: line.price * line.quantity for line in lines if line.price is not None}
    if not set(bought) <= set(paid):
        return None
    return Fen(sum(paid[number] for number in set(bought)))


def margin_of(income: Fen | None, costs: Sequence[Cost], fees: Fees, source: str = "") -> Margin:
    """What is left of the income of an order from this source, "" where the shop shows none.

    A discount of the supplier's is taken off the goods.
    """
    total = sum(cost.total for cost in costs)
    freight = Fen(sum(cost.freight or 0 for cost in costs))
    rate = fees.commission_of(source)
    service, commission = (_share(each, income) for each in (fees.service, rate))
    together = None
    if service is not None and commission is not None:
        together = Fen(service + commission + fees.insurance + fees.fixed)
    return Margin(
        income=income,
        source=source,
        rated=rate is not None,
        goods=Fen(total - freight),
        reckoned=not all(cost.known for cost in costs),
        freight=freight,
        service=service,
        commission=commission,
        insurance=fees.insurance,
        fixed=fees.fixed,
        fees=together,
        margin=None if income is None or together is None else income - total - together,
        whole=all(cost.freight is not None for cost in costs),
        estimated=fees != Fees() or not all(cost.known for cost in costs),
    )


def fees_by(shops: Mapping[str, Shop]) -> FeesOf:
    """What each shop's platform keeps of an order's income, by its `fees:`; a shop that config.yaml no longer names: nothing."""

    def of(shop: str, source: str) -> Callable[[Fen], Fen | None]:
        told = shops[shop].fees if shop in shops else Fees()
        return lambda income: margin_of(income, (), told, source).fees

    return of


def _share(rate: Percent | None, income: Fen | None) -> Fen | None:
    if income == 0 or rate == Percent(0):
        return Fen(0)
    return None if rate is None or income is None else rate.of(income)


def floor_of(least: Fen | Percent, income: Fen) -> Fen:
    """What an order of this income must leave at least."""
    return least.of(income) if isinstance(least, Percent) else least


def thin(margin: Margin, least: Fen | Percent | None, where: Where) -> LimitReached | None:
    """What stops an order that leaves less than the seller asks for; what is not known may be too little."""
    if least is None:
        return None
    if margin.income is None or margin.margin is None:
        what = _("{reason}, so nobody knows whether the order leaves {least}: {parts}").format(
            reason=why_unknown(margin), least=least_words(least), parts=parts_in_words(margin)
        )
        return LimitReached(what, where=where, todo=" ".join(filter(None, (_mend(margin), _advice()))), reason="margin")
    if margin.margin >= floor_of(least, margin.income):
        return None
    what = _("The order would leave {margin} yuan, {floor}: {parts}").format(
        margin=yuan(margin.margin), floor=floor_in_words(least, margin.income), parts=parts_in_words(margin)
    )
    return LimitReached(what, where=where, todo=_advice(), reason="margin")


def _advice() -> str:
    return _("`agent approve ID` buys this one all the same; `least_margin` and `fees` stand in config.yaml.")


def _mend(margin: Margin) -> str:
    if margin.rated:
        return ""
    if margin.source:
        return _("Name “{}” or `other` under the shop's `commission`.").format(margin.source)
    return _("Look whether the shop's site file reads `source` where the page shows it, or write one rate for all orders.")


def why_unknown(margin: Margin) -> str:
    """Why nobody knows what an order leaves; "" where it is known."""
    if margin.margin is not None:
        return ""
    if margin.rated:
        return income_unknown()
    unrated = _unrated(margin.source)
    if margin.income is not None:
        return unrated
    return _("{one}, and {other}").format(one=income_unknown(), other=unrated)


def income_unknown() -> str:
    return _("the shop does not show what the buyer paid")


def _unrated(source: str) -> str:
    if not source:
        return _("the shop does not show where the order came from, and its commission depends on that")
    return _("config.yaml names no commission for orders from “{}”").format(source)


def least_words(least: Fen | Percent) -> str:
    return str(least) if isinstance(least, Percent) else _("{} yuan").format(yuan(least))


def floor_in_words(least: Fen | Percent, income: Fen) -> str:
    """The least that the order must leave, in yuan, and as the share that it is."""
    floor = _("at least {} yuan are asked for").format(yuan(floor_of(least, income)))
    return f"{floor} ({least})" if isinstance(least, Percent) else floor


def fees_in_words(margin: Margin) -> str:
    """The platform's fees, one by one."""
    parts = (
        (_("service fee"), margin.service),
        (_("commission"), margin.commission),
        (_("insurance"), margin.insurance),
        (_("fixed fee"), margin.fixed),
    )
    said = ", ".join(f"{name} {_amount(amount)}" for name, amount in parts if amount != 0)
    return _("fees {sum}, estimated ({parts})").format(sum=_amount(margin.fees), parts=said) if said else _("fees 0.00")


def parts_in_words(margin: Margin) -> str:
    """The whole sum."""
    freight = _("freight {}") if margin.whole else _("freight {} as far as known")
    goods = _("goods about {}") if margin.reckoned else _("goods {}")
    return _("income {income} − {goods} − {freight} − {fees}").format(
        income=_amount(margin.income),
        goods=goods.format(yuan(margin.goods)),
        freight=freight.format(yuan(margin.freight)),
        fees=fees_in_words(margin),
    )


def margin_in_words(margin: Margin) -> str:
    """What an order leaves with the whole sum, said to be expected where any of it is an estimate."""
    if margin.margin is None:
        return _("margin not known, {reason}: {parts}").format(reason=why_unknown(margin), parts=parts_in_words(margin))
    words = _("expected margin {margin} yuan: {parts}") if margin.estimated else _("margin {margin} yuan: {parts}")
    return words.format(margin=yuan(margin.margin), parts=parts_in_words(margin))


def _amount(amount: int | None) -> str:
    return _("not known") if amount is None else yuan(amount)
