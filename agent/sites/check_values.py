"""The values a flow may write: which each flow is given, and that it writes no others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from agent.sites.contract import (
    PAY_FLOWS,
    VALUES,
    SiteKind,
)
from agent.sites.definition import (
    Clear,
    Flow,
    Open,
    Site,
    Step,
    templates_in,
)
from agent.sites.document import Document, Problem, suggestion
from agent.words import _

# Who gives values to a flow; the first is for the flows not named.
_GIVERS: Mapping[SiteKind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "shop": {
            "": ("account", "order"),
            "log_in": ("account", "secret"),
            "list_orders": ("account",),
            "ship_order": ("account", "order", "shipment"),
            "ship_parcel": ("account", "order", "shipment", "line"),
            "ship_merged": ("account", "order", "shipment", "line"),
            "change_number": ("account", "order", "shipment"),
            "mark_shipped": ("account", "order"),
        },
        "supplier": {
            "": ("account", "purchase_order"),
            "log_in": ("account", "secret"),
            "list_orders": ("account",),
            "fill_order": ("account", "supplier", "purchase_order", "receiver", "line"),
            "read_product": ("account", "line"),
            **dict.fromkeys(PAY_FLOWS.values(), ("account", "purchase_order", "line")),
            **dict.fromkeys(("read_balance", "read_statement", "read_bill"), ("account",)),
        },
    }
)
_PACKING = ("ship_parcel", "ship_merged")  # put lines one by one into a parcel
_PAYING = tuple(PAY_FLOWS.values())  # tick orders one by one, where several are paid as one
WITH_LINES = ("fill_order", *_PACKING, *_PAYING)
# Values a giver has only in some flows.
_ONLY_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "order.flag": ("write_note",),
        "order.remark": ("write_note",),
        "purchase_order.supplier_order_number": ("read_order", "read_payment", "cancel_order", *_PAYING),
        "line.supplier_order_number": _PAYING,
        "line.product": ("fill_order", "read_product"),
        **dict.fromkeys(
            ("line.title", "line.specification", *(f"line.specification.{part}" for part in ("1", "2", "last"))),
            ("fill_order",),
        ),
        "line.quantity": ("fill_order", *_PACKING),
        "line.line_number": _PACKING,
        "shipment.former_number": ("change_number",),
    }
)


def given_to(kind: SiteKind, flow: str) -> frozenset[str]:
    """The names of the values that a flow may write."""
    givers = _GIVERS[kind].get(flow, _GIVERS[kind][""])
    return frozenset(name for name in VALUES if name.split(".")[0] in givers and flow in _ONLY_IN.get(name, (flow,)))


def values_problems(site: Site, document: Document, flow: Flow) -> Iterator[Problem]:
    given = given_to(site.kind, flow.name)
    for visit in site.walk(flow.name):
        for line, name in _written(site, visit.step):
            if name not in VALUES:
                yield Problem(document.path, line, _("there is no value <{}>").format(name), suggestion(name, given))
            elif name not in given:
                what = _("the value <{name}> is not given to `{flow}`").format(name=name, flow=flow.name)
                yield Problem(document.path, line, what, _("Known here: {}.").format(", ".join(sorted(given))))
            elif name.startswith("line.") and not (
                visit.in_lines or isinstance(visit.step, Clear) or flow.name == "read_product"
            ):
                what = _("<{}> stands outside `for_each_line`").format(name)
                yield Problem(document.path, line, what, _("Put the step below for_each_line."))


def _written(site: Site, step: Step) -> Iterator[tuple[int, str]]:
    """The values a step needs, each with the line to look at; those unknown in an address are told of its page."""
    if isinstance(step, Open):
        address = site.pages[step.page].open_at if step.page in site.pages else None
        yield from ((step.line, name) for name in (address.names if address else ()) if name in VALUES)
        return
    yield from ((template.line, name) for template in templates_in(step) for name in template.names)
