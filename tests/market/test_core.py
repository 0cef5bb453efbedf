"""Several suppliers in one market: each its own address, account, books and deeds; faults find an order at any of them."""

from __future__ import annotations

from urllib.request import urlopen

from tests.market.core import Market
from tests.market.mall.hand import REFERENCE, person_buys, with_goods
from tests.market.mall.state import MALLS


def test_two_malls_are_two_suppliers() -> None:
    with with_goods(Market(seed=7, malls=tuple(MALLS))) as market:
        assert market.addresses is not None
        assert market.mall is market.malls["yiwu"]
        addresses = [address for hosts in market.addresses.hosts.values() for address in hosts.values()]
        assert len(set(addresses)) == len(addresses)
        assert market.addresses.hosts["mall"]["main"] == market.addresses.mall
        passwords = [sign_in["password"] for sign_in in market.accounts().values()]
        assert len(set(passwords)) == len(passwords)
        market.do("hangzhou.add_product", number="HZ1", title="香薰蜡烛", specs={"茉莉": (1500, 3)})
        truth = market.truth()
    assert "HZ1" in truth["hangzhou"]["products"] and "HZ1" not in truth["mall"]["products"]
    assert truth["hangzhou"]["orders"][0]["number"] != truth["mall"]["orders"][0]["number"]


def test_a_lag_bound_to_an_order_hides_it_at_the_mall_that_has_it() -> None:
    market = with_goods(Market(seed=7, malls=tuple(MALLS)))
    person_buys(market.mall, REFERENCE).by = "page"
    market.faults.add("list_lags", REFERENCE, "list", times=None)
    assert [len(mall.newest_first()) for mall in market.malls.values()] == [1, 1]


def test_every_page_runs_the_script_of_the_market_and_nothing_else_does() -> None:
    with Market(seed=7, latency=(0.0, 0.0)) as market:
        assert market.addresses is not None

        def served(path: str) -> str:
            with urlopen(market.addresses.mall + path) as answer:  # type: ignore[union-attr]
                body: str = answer.read().decode()
                assert int(answer.headers["content-length"]) == len(body.encode())
                return body

        plain, style = served("/user.php?act=login"), served("/static/mall.css")
        market.script = "console.log('换了')"
        assert served("/user.php?act=login") == plain.replace("</body>", f"<script>{market.script}</script></body>")
        assert served("/static/mall.css") == style
