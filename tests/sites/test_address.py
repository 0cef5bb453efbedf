"""A value put into an address stays the one piece it stands for, whatever it says."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Mismatch
from agent.sites import grammar
from agent.sites.address import address_with

OFFER = grammar.template("/offer/<line.product>.html?from=<account.shows>", 1)
FOLDER = grammar.template("/offer/<line.product>/all", 1)


def test_plain_values_are_put_in_as_they_are() -> None:
    assert address_with(OFFER, {"line.product": "6543210", "account.shows": "a"}) == "/offer/6543210.html?from=a"
    assert address_with(grammar.template("/cart.htm", 1), {}) == "/cart.htm"


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_value_never_leaves_its_piece(value: str) -> None:
    if not value.strip():
        return
    made = urlsplit(address_with(OFFER, {"line.product": value, "account.shows": value}))
    folder, offer = made.path.rsplit("/", 1)
    assert (folder, unquote(offer), made.fragment) == ("/offer", f"{value}.html", "")
    assert parse_qs(made.query, keep_blank_values=True) == {"from": [value]}


@pytest.mark.parametrize("value", ["..", ".", "", "  "])
def test_what_would_change_the_path_is_refused(value: str) -> None:
    with pytest.raises(Mismatch):
        address_with(FOLDER, {"line.product": value})


@pytest.mark.parametrize("value", ["../cart", "..%2fcart", "%2e%2e", "a/../../b", "?x=1", "#top", "\\..\\", "//evil.example"])
def test_signs_of_addresses_are_quoted(value: str) -> None:
    made = address_with(FOLDER, {"line.product": value})
    assert made.count("/") == 3 and made.endswith("/all") and not set("?#\\") & set(made)
