"""One flow of one account, played for somebody who looks on: what it reads, or what its page shows at the commit, which is not done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from agent.config import Config, Shop
from agent.errors import ConfigError, Where
from agent.ledger import StoredOrder, StoredPurchase, StoredShipment
from agent.models import Receiver
from agent.sites.contract import CONTRACTS
from agent.sites.definition import Commit, Flow, Open, Site, templates_in
from agent.terms import FLOWS, plain
from agent.words import _
from agent.work.buy import fill, meant_now
from agent.work.carriers import carrier_of
from agent.work.note import joined, note_words, read
from agent.work.run import Run
from agent.work.values import Values, note_values, order_values, purchase_values, shipment_values

Shown = Mapping[str, str]


def refuse_unknown(config: Config, account: str, flow: str) -> None:
    """Raise ConfigError where there is no such account or flow, or the flow is none to be looked at by itself."""
    if account not in config.accounts:
        known = ", ".join(config.accounts)
        raise ConfigError(_("There is no account “{}”; known are: {}").format(account, known))
    site = config.site_of(account)
    if flow not in site.flows:
        raise ConfigError(
            _("The site file has no flow {}").format(flow),
            where=Where(account=account, file=site.path),
            todo=_("Known are: {}").format(", ".join(site.flows)),
        )
    if flow == "reveal_receiver":
        raise ConfigError(
            _("“{}” is counted by the shop; only a run that buys does it").format(plain(FLOWS, flow)),
            todo=_("`agent run --once --step --order NO` goes through it before your eyes."),
        )


def refuse_unknown_order(run: Run, account: str, flow: str, order_number: str) -> None:
    """Raise ConfigError where the ledger knows no such order, or nothing of it that the flow asks for; no page is opened for it."""
    order = _order(run, order_number)
    site = run.config.site_of(account)
    if order and site.kind == "supplier":
        _purchase(run, account, order)
        contract = CONTRACTS[site.kind].get(flow)
        if "fill_order" in (flow, contract.continues if contract else ""):
            _receiver(run, order)
    if order is None:
        _refuse_missing(site, account, site.flows[flow], {})


def _order(run: Run, order_number: str) -> StoredOrder | None:
    orders = run.ledger.find_order(order_number) if order_number else []
    if order_number and not orders:
        raise ConfigError(
            _("No order {} was ever read").format(order_number), todo=_("Run `agent run --once --only read` first.")
        )
    return orders[0] if orders else None


def look_at(run: Run, account: str, flow: str, order_number: str) -> Shown:
    """Play the flow, and what it goes on from, with what is known of this order. Nothing is committed.

    Raises ConfigError where the flow asks for what nobody knows yet, LeftByPerson where a step was left out.
    """
    site = run.config.site_of(account)
    order = _order(run, order_number)
    values = _values(run, site, account, flow, order)
    _refuse_missing(site, account, site.flows[flow], values)
    _play_before(run, site, account, flow, order)
    if any(isinstance(step, Commit) for step in site.flows[flow].steps):
        return run.desk(account).rehearse(flow, values)
    if flow == "fill_order" and order:
        return _filled(run, account, order)
    reading = run.desk(account).play(flow, values)
    return {name: reading.raw.get(name, "") or _as_text(value) for name, value in reading.values.items()}


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(" · ".join(str(cell) for cell in cast(Mapping[str, object], row).values()) for row in value)
    return str(value)


def _play_before(run: Run, site: Site, account: str, flow: str, order: StoredOrder | None) -> None:
    """A flow that goes on where another ended begins there."""
    contract = CONTRACTS[site.kind].get(flow)
    if contract is None or not contract.continues or isinstance(site.flows[flow].steps[0], Open) or order is None:
        return
    if contract.continues == "fill_order":
        _filled(run, account, order)
    else:
        run.desk(account).play(contract.continues, order_values(order.order_number))


def _filled(run: Run, account: str, order: StoredOrder) -> Shown:
    purchase = _purchase(run, account, order)
    supplier = run.supplier(purchase.supplier)
    return fill(run, supplier, meant_now(run, purchase.purchase, _receiver(run, order))).shown.raw


def _receiver(run: Run, order: StoredOrder) -> Receiver:
    receiver = run.ledger.receiver(order.shop, order.order_number)
    if receiver is None:
        raise ConfigError(
            _("The receiver of order {} is not known yet").format(order.order_number),
            todo=_("`agent run --once --step --order {}` reveals and fills it in before your eyes.").format(order.order_number),
        )
    return receiver


def _purchase(run: Run, account: str, order: StoredOrder) -> StoredPurchase:
    made = [one for one in run.ledger.purchase_of(order.shop, order.order_number) if one.account == account]
    if not made:
        raise ConfigError(
            _("Nothing of order {order} is bought at {account}").format(order=order.order_number, account=account),
            todo=_("`agent show {}` tells where it stands.").format(order.order_number),
        )
    return made[-1]


def _values(run: Run, site: Site, account: str, flow: str, order: StoredOrder | None) -> Values:
    if order is None:
        return {}
    if site.kind == "supplier":
        purchase = _purchase(run, account, order)
        line = purchase.lines[0].product
        known = purchase_values(purchase.reference, purchase.supplier_order_number)
        return {**known, "line.product": line.product, "line.title": line.title}
    shop = run.shop_of(order)
    if flow == "write_note":
        return _note(run, shop, order)
    shipments = run.ledger.shipments(order.shop, order.order_number)
    shipped = _shipment(shipments[-1]) if shipments else {}
    return {**order_values(order.order_number), **shipped}


def _shipment(stored: StoredShipment) -> Values:
    carrier = carrier_of(stored.carrier)
    return shipment_values(stored.shipment, carrier, stored.lines, stored.tracking_number) if carrier else {}


def _note(run: Run, shop: Shop, order: StoredOrder) -> Values:
    made = [one for one in run.ledger.purchase_of(order.shop, order.order_number) if one.supplier_order_number]
    words = note_words(shop, made[-1]) if made else shop.note.begun
    before = read(run, shop, order.order_number)
    return note_values(order.order_number, shop.note.flag or before.flag, joined(before.remark, words))


def _refuse_missing(site: Site, account: str, flow: Flow, values: Values) -> None:
    if flow.name == "fill_order":
        asked = {"order"} if not values else set()
    else:
        asked = {name for visit in site.walk(flow.name) for template in templates_in(visit.step) for name in template.names}
        asked = {name for name in asked if not name.startswith(("secret.", "account.", "line."))}
    if missing := sorted(name for name in asked if not values.get(name)):
        raise ConfigError(
            _("“{flow}” needs to know: {values}").format(flow=plain(FLOWS, flow.name), values=", ".join(missing)),
            where=Where(account=account, file=site.path, line=flow.line),
            todo=_("Name an order of which that is known: --order NO"),
        )
