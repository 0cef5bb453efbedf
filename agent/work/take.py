"""Which shop orders are ours to buy: a take rule, and what the order itself says.

A "no" is told with its reason. `again` says whether the same order may become ours later without anybody's doing
(unpaid, under review, an open refund); the others stay "not ours" until a person hands them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agent.models import Flag, Order
from agent.terms import FLAGS, plain
from agent.words import _


@dataclass(frozen=True, slots=True)
class TakeRule:
    """What the seller lets us take: made at or after `paid_after`, without these flags and these words in the remark."""

    paid_after: datetime
    except_flags: tuple[Flag, ...] = ()
    except_remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    take: bool
    reason: str = ""
    again: bool = False


def _yes() -> Decision:
    return Decision(True, _("paid after the hand-over, no flag and no remark against it"))


def decide(order: Order, rule: TakeRule) -> Decision:
    """Whether the order is ours to buy now."""
    return _by_rule(order, rule) or still_wanted(order) or _yes()


def still_wanted(order: Order) -> Decision | None:
    """Why nothing may be bought for this order now, as the shop shows it, or None. Asked again right before the click."""
    match order.state:
        case "to_ship":
            pass
        case "unpaid":
            return Decision(False, _("the buyer has not paid yet"), again=True)
        case "under_review":
            return Decision(False, _("the platform is reviewing this order"), again=True)
        case _:
            return Decision(False, _("the shop order is not waiting for shipment any more"))
    if order.address_change != "none":
        return Decision(False, _("the buyer asked to change the address"), again=True)
    return _by_lines(order)


def _by_rule(order: Order, rule: TakeRule) -> Decision | None:
    if order.ordered_at < rule.paid_after:
        return Decision(False, _("ordered before this shop was handed over to the program"))
    if order.flag in rule.except_flags:
        return Decision(False, _("the order carries a flag that the take rule leaves out: {}").format(plain(FLAGS, order.flag)))
    for words in rule.except_remarks:
        if words in order.remark:
            return Decision(False, _("the remark says {}, which the take rule leaves out").format(words))
    return None


def _by_lines(order: Order) -> Decision | None:
    if not order.lines:
        return Decision(False, _("the shop shows no products in this order"), again=True)
    for line in order.lines:
        if line.after_sales == "open":
            return Decision(False, _("the buyer asks for a refund of {}").format(line.title), again=True)
        if line.after_sales == "refunded":
            return Decision(False, _("{} was refunded").format(line.title))
    return None
