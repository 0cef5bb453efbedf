"""The table of ends: what must come of each fault at each step of each write. Written by hand, before any trial runs.

A fault and what its value means: tests/market/faults.py. A step is the request it meets: of the supplier (`submit` writes)
or of the shop. `RIGHT` is done once, as meant, and nobody is asked; anything else is the reason a person is asked for
(agent/work/reasons.py). What a person or the world does in between is in play.py: late writes land, lists come up to date,
sliders stand there no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Write = Literal["submit", "note", "ship", "change", "pay", "cancel"]
Where = Literal["supplier", "shop", "marketplace"]
Value = str | float | None

RIGHT = "right"
IN_THE_NEXT_RUN = "in the next run"  # a value of `lands_later`: it lands when that run looks at the supplier's list
UNKNOWN = "OutcomeUnknown"  # nobody knows: asked, and never clicked again
DROPPED = "not bought"  # and nobody is asked
HELD = "held"  # something else than meant stands at the supplier: never paid, asked with its number


@dataclass(frozen=True)
class Cell:
    """One fault at one step of one write, and how the order must end for it. `values`: each makes a trial of its own."""

    write: Write
    where: Where
    step: str
    fault: str
    end: str
    values: tuple[Value, ...] = (None,)
    times: int | None = 1  # None: each time
    alone: bool = False  # it strikes every order at that supplier, so its order is played alone
    methods: tuple[str, ...] = ()  # of paying: only where it is paid so

    @property
    def name(self) -> str:
        return f"{self.write}: {self.fault} at the {self.where}'s {self.step}"


def _rows(write: Write, where: Where, step: str, *faults: tuple[str, str] | tuple[str, str, tuple[Value, ...]]) -> list[Cell]:
    return [Cell(write, where, step, *told) for told in faults]


# What keeps a page from coming, and what only gets in the way: before a click it costs at most one run.
_A_PAGE = (("slow", RIGHT, (0.5, 2.0)), ("error_500", RIGHT), ("drop_before", RIGHT), ("session_expires", RIGHT))

TABLE: tuple[Cell, ...] = (
    # ---- before the click that orders
    *_rows("submit", "shop", "detail", *_A_PAGE, ("captcha_after", RIGHT)),
    *_rows("submit", "shop", "reveal", *_A_PAGE, ("captcha_after", RIGHT)),
    *_rows("submit", "supplier", "check", ("slow", RIGHT, (0.5,)), ("reference_cut", "Mismatch", (8, 5))),
    *_rows(
        "submit",
        "supplier",
        "confirm",
        *_A_PAGE,
        ("captcha_before", RIGHT),
        ("popup", RIGHT, (0.0, 0.3)),
        ("hidden_twin", RIGHT),
        ("rerender_total", RIGHT, (9_900,)),
        ("browser_asks", RIGHT, ("该地区可能延迟发货，是否继续", "同时购买运费险？")),
        ("late_post", RIGHT, (1.0, 8.0)),  # gone after the click; after the pages were closed, so never
        ("leaving_post", RIGHT),  # its scripts are stopped before it is left
        ("page_retry", RIGHT),
        ("double_click", HELD),
        ("price_changes", "ceiling", (4_500, 5_900)),
        ("second_button", "PageChanged"),
        ("renamed_label", "PageChanged", ("应付总额=合计", "提交订单=立即购买")),
        ("buyer_cancels", DROPPED),
    ),
    Cell("submit", "supplier", "confirm", "paused", DROPPED, alone=True),  # and never resumed
    Cell("submit", "shop", "detail", "day_full", "day_limit", alone=True),
    Cell("submit", "supplier", "confirm", "late_post", "too_often", (9.0,), times=None),  # never gone, each time
    # ---- the click that orders
    *_rows(
        "submit",
        "supplier",
        "submit",
        ("slow", RIGHT, (0.5, 1.5, 4.0)),
        ("second_run", RIGHT),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT, (None, "系统繁忙，请稍后再试")),
        ("lands_later", RIGHT, (1.0, None, IN_THE_NEXT_RUN)),  # within settle; after the run has ended; in the next one
        ("kill_before", RIGHT),  # the program is dead, its request is not
        ("kill_after", RIGHT),
        ("order_splits", RIGHT),
        ("error_500", UNKNOWN),
        ("drop_before", UNKNOWN),
        ("success_shown_write_rejected", UNKNOWN),
        ("session_expires", UNKNOWN),
        ("captcha_after", UNKNOWN),
        ("twice", HELD),
        ("partial", "SiteRefused", ("phone:8",)),  # the supplier looks at it itself
        ("partial", UNKNOWN, ("name",)),  # it wants one, and says so in words that the site file does not have
        ("partial", HELD, ("name:1", "address:4", "note", "reference", "line")),
        ("price_changes", HELD, (1_890, 2_400)),
    ),
    # ---- its proof
    *_rows("submit", "supplier", "list", *_A_PAGE, ("captcha_before", RIGHT), ("stray_filter", RIGHT), ("list_lags", RIGHT)),
    Cell("submit", "supplier", "list", "list_empty", RIGHT, (2.0,), alone=True),  # for so many runs
    *_rows("submit", "supplier", "detail", *_A_PAGE),
    # ---- the note for the colleagues
    *_rows(
        "note",
        "shop",
        "note",
        *_A_PAGE,
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT),
        ("success_shown_write_rejected", RIGHT),
        ("lands_later", RIGHT, (1.0, None)),
        ("twice", RIGHT),
        ("partial", RIGHT, ("flag", "remark:4")),
        ("captcha_after", RIGHT),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
    ),
    Cell("note", "shop", "note", "double_click", RIGHT, times=None),  # whenever the page is opened
    # ---- the tracking number
    *_rows("ship", "shop", "ship_page", *_A_PAGE, ("captcha_after", RIGHT)),
    *_rows(
        "ship",
        "shop",
        "ship",
        ("slow", RIGHT, (0.5, 1.5)),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT),
        ("lands_later", RIGHT, (1.0, None)),
        ("double_click", RIGHT),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
        ("error_500", "ship_unknown"),
        ("drop_before", "ship_unknown"),
        ("success_shown_write_rejected", "ship_unknown"),
        ("session_expires", "ship_unknown"),
        ("captcha_after", "ship_unknown"),
        ("twice", "tracking"),  # both are known: what was meant, and what stands there
        ("partial", "tracking", ("carrier", "tracking_number:9")),
    ),
    # ---- another number, after a yes
    *_rows("change", "shop", "detail", *_A_PAGE, ("captcha_after", RIGHT)),
    *_rows(
        "change",
        "shop",
        "change",
        ("slow", RIGHT, (0.5, 1.5)),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT),
        ("lands_later", RIGHT, (1.0, None)),
        ("twice", RIGHT),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
        ("error_500", "ship_unknown"),
        ("drop_before", "ship_unknown"),
        ("success_shown_write_rejected", "ship_unknown"),
        ("session_expires", "ship_unknown"),
        ("captcha_after", "ship_unknown"),
        ("partial", "tracking", ("carrier", "tracking_number:9")),
    ),
    Cell("change", "shop", "change", "double_click", RIGHT, times=None),
)

# Where two faults together end otherwise than each by itself: a page that sends again until it is answered, at a click that was
# carried out unanswered, or not carried out. By fault and step.
TOGETHER: Mapping[frozenset[tuple[str, str]], str] = MappingProxyType(
    {
        frozenset({("page_retry", "confirm"), ("drop_after", "submit")}): HELD,
        frozenset({("page_retry", "confirm"), ("slow", "submit")}): HELD,
        frozenset({("page_retry", "confirm"), ("drop_before", "submit")}): RIGHT,
    }
)
