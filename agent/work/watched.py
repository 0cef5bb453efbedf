"""What a person who looks on is asked before a commit: what is meant beside what the page shows, and a yes of its own.

After the yes the job looks, reads and fills in anew: while somebody was asked, anything may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from agent.errors import LeftByPerson, Where
from agent.models import Cell, Reading
from agent.terms import VALUES, plain
from agent.words import _
from agent.work.cashier import Bill
from agent.work.compare import Meant
from agent.work.limits import yuan
from agent.work.regions import whole_address
from agent.work.run import Run
from agent.work.values import Values

Pair = tuple[str, str, str]  # what, meant, shown


def ask(run: Run, account: str, flow: str, values: Values, title: str) -> None:
    """Play the flow up to its commit, leave the page again and ask. Raises LeftByPerson unless the answer is yes."""
    shown = run.desk(account).rehearse(flow, values)
    if shown and not run.confirm(title, list(_of_write(values, shown))):
        raise LeftByPerson(_("A person said no to it"), where=Where(account=account, flow=flow))


def ask_to_pay(run: Run, account: str, flow: str, values: Values, bill: Bill) -> None:
    """Go to the cashier, leave it again and ask, what is meant beside what it shows. Raises LeftByPerson unless the answer is yes."""
    shown = run.desk(account).rehearse(flow, values)
    if not shown or not run.confirm(_("Pay this?"), of_payment(bill, shown)):
        raise LeftByPerson(_("A person said no to it"), where=Where(account=account, flow=flow))


def of_payment(bill: Bill, shown: Mapping[str, str]) -> list[Pair]:
    """A payment as it is meant, and as the cashier shows it: what it shows more is there too."""
    rows: dict[str, str] = {}
    for name, number in shown.items():
        if name.startswith("payments.") and name.endswith(".supplier_order_number"):
            rows[number] = shown.get(f"{name.removesuffix('.supplier_order_number')}.total", "")
    numbers = dict.fromkeys((*bill.amounts, *rows))
    return [
        (plain(VALUES, "payee"), bill.payee, shown.get("payee", "")),
        *(
            (
                _("supplier order {}").format(number),
                yuan(bill.amounts[number]) if number in bill.amounts else "",
                rows.get(number, ""),
            )
            for number in numbers
        ),
        (plain(VALUES, "total"), yuan(bill.total), shown.get("total", "")),
    ]


def of_purchase(meant: Meant, reading: Reading) -> list[Pair]:
    """A purchase as it was meant, and as the supplier's form shows it."""
    receiver = meant.receiver
    shown = reading.raw.get
    return [
        (_("receiver"), receiver.name, shown("receiver_name", "")),
        (plain(VALUES, "phone"), str(receiver.phone), shown("phone", "")),
        (plain(VALUES, "region"), f"{receiver.province} {receiver.city} {receiver.district}", shown("region", "")),
        (plain(VALUES, "address"), whole_address(receiver), shown("address", "")),
        *_goods(meant, cast(tuple[Mapping[str, Cell], ...], reading.values.get("lines", ()))),
        (plain(VALUES, "reference"), meant.purchase.reference, shown("reference", "")),
        (plain(VALUES, "freight"), "", shown("freight", "")),
        (plain(VALUES, "total"), _("at most {}").format(yuan(meant.most_per_order)), shown("total", "")),
    ]


def _goods(meant: Meant, rows: tuple[Mapping[str, Cell], ...]) -> Iterator[Pair]:
    for number, line in enumerate(meant.purchase.lines):
        ours = f"{line.product.title} / {line.product.specification} × {line.quantity} · {yuan(line.product.cost)}"
        row = rows[number] if number < len(rows) else {}
        title, specification, quantity = (str(row.get(word, "")) for word in ("title", "specification", "quantity"))
        price = row.get("unit_price")
        theirs = f"{title} / {specification} × {quantity}" + (f" · {yuan(cast(Any, price))}" if isinstance(price, int) else "")
        yield _("product {}").format(number + 1), ours, theirs


def _of_write(values: Values, shown: Mapping[str, str]) -> Iterator[Pair]:
    """Each thing the page shows, beside the value of the same name that was to be written."""
    meant = {name.split(".", 1)[-1]: _first(value) for name, value in values.items() if name != "lines"}
    for name, words in shown.items():
        word = name.rsplit(".", 1)[-1]
        yield plain(VALUES, word), meant.get(word, ""), words


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple) and value else str(value)
