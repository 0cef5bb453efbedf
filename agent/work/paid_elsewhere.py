"""What a person paid themselves, in the app or at the site: seen on the supplier's own page, booked, and never paid by us."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from agent.ledger import StoredPurchase, pay_key
from agent.models import Fen, Reading
from agent.work.paid import close_asked
from agent.work.payment import KIND, keys_of_write
from agent.work.prove import keys
from agent.work.run import Run


def paid_elsewhere(run: Run, purchase: StoredPurchase, readings: Iterable[Reading]) -> None:
    """The supplier's pages show a purchase paid: what no click of ours is about was paid by a person, in the app or at the site."""
    for reading in readings:
        number = str(reading.values["supplier_order_number"])
        key = pay_key(purchase.account, number)
        write = run.ledger.write(KIND, key)
        if run.ledger.payment_of(purchase.account, number) or (write and write.state not in ("intended", "refused")):
            continue
        paid, total, at = (reading.values.get(word) for word in ("paid", "total", "paid_at"))
        amount = paid if isinstance(paid, int) else total
        if not isinstance(amount, int):
            continue
        about = keys(purchase.purchase) if write is None else keys_of_write(write)
        with run.ledger.atomic():
            run.ledger.found_done(KIND, key, at=run.now(), **about)
            run.ledger.book_payment(
                purchase.account,
                number,
                supplier=purchase.supplier,
                method="outside",
                amount=Fen(amount),
                payee="",
                paid_at=at if isinstance(at, datetime) else run.now(),
                proof="order",
                attempt=None,
            )
            close_asked(run, purchase)
