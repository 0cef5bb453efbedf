"""What only config.yaml and its site files together can show to be wrong: each check yields its problems with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from agent.provinces import PROVINCES
from agent.sites.check_reads import does_read, shows_state
from agent.sites.contract import PAY_FLOWS
from agent.sites.definition import Site
from agent.sites.document import At, Document, Problem
from agent.words import _

if TYPE_CHECKING:
    from agent.config import ConfigFile


def problems_of(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """All of them. `sites`: the site files that could be read, by name."""
    yield from _dangling(document, file)
    for check in (_unknown_hosts, _profiles, _at_marketplaces, _unseen_receipts, _unpayable, _uncancellable, _sourceless):
        yield from check(document, file, sites)
    yield from _freight_elsewhere(document, file)
    yield from _no_provinces(document, file)


def _dangling(document: Document, file: ConfigFile) -> list[Problem]:
    users: list[tuple[str, str, str]] = [("shops", name, shop.account) for name, shop in file.shops.items()]
    users += [("suppliers", name, supplier.account) for name, supplier in file.suppliers.items()]
    return [
        unknown_name(document, (room, name, "account"), _("There is no account “{}”").format(account), ", ".join(file.accounts))
        for room, name, account in users
        if account not in file.accounts
    ]


def _unknown_hosts(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """An account may only say where its site's own hosts are: any other name would be passed over in silence."""
    for name, account in file.accounts.items():
        site = sites.get(account.site)
        if site is None:
            continue
        for host in account.hosts:
            if host not in site.hosts:
                what = _("`{site}` has no host called `{host}`").format(site=site.site, host=host)
                yield unknown_name(document, ("accounts", name, "hosts", host), what, ", ".join(site.hosts))


def _profiles(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """The name of an account with a Chrome of its own names its profile's folder, and no two may ever share one."""
    seen: dict[str, str] = {}
    for name, account in file.accounts.items():
        site = sites.get(account.site)
        if site is None or (account.browser or site.browser) != "own_chrome":
            continue
        if not re.fullmatch(r"\w(?:[\w.-]*\w)?", name):
            what, advice = _("`{}` cannot name the folder of a profile").format(name), _("Only letters, digits, - and _ in it.")
            yield document.problem(("accounts", name), what, advice)
        twin = seen.setdefault(name.casefold(), name)
        if twin != name:
            what = _("`{one}` and `{other}` are one folder to some computers").format(one=twin, other=name)
            yield document.problem(("accounts", name), what, _("Rename one of them."))


def _at_marketplaces(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """What a supplier must say because its site cannot know it: whose goods they are, and where our reference stands."""
    for name, supplier in file.suppliers.items():
        account = file.accounts.get(supplier.account)
        site = sites.get(account.site) if account else None
        if site is None:
            continue
        if not supplier.seller and site.asks_for_seller:
            what = _("`{site}` has many sellers: this supplier's name there is missing").format(site=site.site)
            advice = _("Add `seller:` with the seller's name exactly as the site shows it.")
            yield Problem(document.path, document.lines.get(("suppliers", name), 1), what, advice)
        if "listed_reference" in site.lacks and "<reference>" not in supplier.note:
            what = _("`{site}` shows our purchase order number in the note only").format(site=site.site)
            yield Problem(
                document.path, document.lines.get(("suppliers", name), 1), what, _("Write `<reference>` into its `note:`.")
            )


def _unseen_receipts(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """A due date that begins at the receipt needs a site that shows it."""
    for name, supplier in file.suppliers.items():
        account = file.accounts.get(supplier.account)
        site = sites.get(account.site) if account else None
        if site is None or supplier.credit is None or supplier.credit.due.begins != "receipt":
            continue
        if not site.words.get("order_states", {}).get("completed"):
            what = _("`{site}` never shows that an order was received, so no due date can be computed").format(site=site.site)
            advice = _("Name its word for `completed` in the site file, or count from the order.")
            yield document.problem(("suppliers", name, "credit", "due"), what, advice)


def _unpayable(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """A way to pay needs its flow, a payee to compare with, and a site where it is seen; what is paid on credit needs the terms."""
    for name, supplier in file.suppliers.items():
        account = file.accounts.get(supplier.account)
        site = sites.get(account.site) if account else None
        if site is None:
            continue
        at = ("suppliers", name, "pay")
        for method in supplier.pay:
            flow = PAY_FLOWS.get(method, "")
            if flow and flow not in site.flows:
                ways = [way for way, one in PAY_FLOWS.items() if one in site.flows] + ["outside"]
                yield unknown_name(
                    document, at, _("`{site}` has no flow `{flow}`").format(site=site.site, flow=flow), ", ".join(ways)
                )
        if any(method in PAY_FLOWS for method in supplier.pay) and not supplier.paid_to:
            what = _("nothing says to whom the money of `{}` goes").format(name)
            yield document.problem(at, what, _("Add `payee:` with the name exactly as the cashier shows it."))
        if "credit" in supplier.pay and supplier.credit is None:
            what = _("`{}` is paid on credit, but its terms are missing").format(name)
            yield document.problem(at, what, _("Add credit: with limit: and due:."))
        if supplier.pay and supplier.credit is None and site.money_moves_at == "month_end":
            what = _("`{site}` takes its money at the month's end: what a person pays `{name}` for an order would not be seen")
            advice = _("Write `money_moves_at: pay` into the site file if each order is paid by itself; else take `pay:` out.")
            yield document.problem(at, what.format(site=site.site, name=name), advice)
        elif supplier.pay and not shows_state(site):
            what = _("`{site}` never shows whether an order is paid: nothing would prove a payment to `{name}`")
            advice = _("Let `read_order` of the site file read `state`; else take `pay:` out.")
            yield document.problem(at, what.format(site=site.site, name=name), advice)


def _freight_elsewhere(document: Document, file: ConfigFile) -> Iterator[Problem]:
    """Without a limit for all other regions a misspelt one would have none at all, in silence."""
    for name, supplier in file.suppliers.items():
        if supplier.freight_by_region and supplier.most_freight is None:
            what = _("`{}` has limits of freight for some regions, and none for all others").format(name)
            yield document.problem(("suppliers", name, "freight_by_region"), what, _("Add `most_freight:`."))


def _no_provinces(document: Document, file: ConfigFile) -> Iterator[Problem]:
    """A word with which no province begins refuses, or limits, nothing: its goods would be sent there in silence."""
    for name, supplier in file.suppliers.items():
        told: list[tuple[At, str]] = [
            (("suppliers", name, "regions_refused", at), word) for at, word in enumerate(supplier.regions_refused)
        ]
        told += [(("suppliers", name, "freight_by_region", word), word) for word in supplier.freight_by_region]
        for path, word in told:
            if not word or not any(province.startswith(word) for province in PROVINCES):
                what = _("no province begins with `{}`, so nothing would come of it").format(word)
                yield document.problem(path, what, _provinces_for(word))


def _provinces_for(word: str) -> str:
    if word == "港澳台":
        return _("Write each by itself: {}").format("香港, 澳门, 台湾")
    return _("Write one of: {}").format(", ".join(PROVINCES.values()))


def _uncancellable(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """What is to be cancelled without asking needs the flow for it."""
    for name, supplier in file.suppliers.items():
        account = file.accounts.get(supplier.account)
        site = sites.get(account.site) if account else None
        if site is not None and supplier.cancel == "refunded" and "cancel_order" not in site.flows:
            what = _("`{site}` has no flow `{flow}`").format(site=site.site, flow="cancel_order")
            advice = _("Write `cancel: ask`, or add the flow to the site file.")
            yield document.problem(("suppliers", name, "cancel"), what, advice)


def _sourceless(document: Document, file: ConfigFile, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """A commission by source needs a site that shows where an order came from."""
    for name, shop in file.shops.items():
        account = file.accounts.get(shop.account)
        site = sites.get(account.site) if account else None
        by_source = isinstance(shop.fees.commission, Mapping)
        if site is not None and by_source and not does_read(site, "source", "list_orders", "read_order"):
            what = _("the commission depends on where an order came from, and `{site}` reads no `source`").format(
                site=site.site
            )
            advice = _("Add `source` to the `read` of its list or order page, or write one rate for all orders.")
            yield document.problem(("shops", name, "fees", "commission"), what, advice)


def unknown_name(document: Document, at: tuple[str, ...], what: str, known: str) -> Problem:
    return Problem(document.path, document.lines.get(at, 1), what, _("Known are: {}").format(known))
