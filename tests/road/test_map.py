"""As a new user, from what the terminal says alone: a product is matched and an order approved; judged by the mall's own books."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.market.demo_orders import DemoOrder, line
from tests.market.seller import ROOT
from tests.road.conftest import MakeRoad
from tests.road.road import Ended, Road, order

TEA = ("XZP", "茉莉")  # stands in the shop, and in no row of the products table
ONE, TWO = (order(at, goods=TEA, trap="no supplier product yet") for at in (50, 51))
MIXED = DemoOrder(
    order(52).number, "one line of two", "shipped", receiver=order(52).receiver, lines=(line(*TEA), line("SNK", "米白/L"))
)


def named(ended: Ended, pattern: str) -> str:
    """What the terminal says to type."""
    found = re.search(pattern, ended.words)
    assert found, ended.words
    return found.group(1)


@pytest.mark.long
def test_a_product_is_matched_and_bought_from_what_the_terminal_says(make_road: MakeRoad) -> None:
    road = make_road(71, autonomy="show")
    road.config("language: zh", "language: en")
    road.market.mall.add_product("YW3001", "茉莉香薰片", {"薰衣草": (390, 50), "茉莉": (420, 50)})
    road.put_up(ONE, TWO, MIXED)

    ran = road.run()
    assert ran.code == 1
    assert "3 orders wait" in ran.words and "agent map" in ran.words
    assert road.market.shop.reveal_log == [], "nothing is revealed before a yes"
    (item,) = road.inbox()
    assert (item.reason, road.parked()) == ("unmapped", [])
    assert all(road.inbox(one.number) == [item] for one in (ONE, TWO, MIXED))

    typed = named(road.agent("map"), r"→ agent (map \d+ --supplier yiwu --product NO)").replace("NO", "YW3001")
    offered = road.agent(*typed.split())
    assert offered.code == 1
    assert re.search(r"1\D+薰衣草.*3\.90.*50", offered.words) and re.search(
        r"2\D+茉莉.*4\.20.*50.*the very words", offered.words
    )
    assert _refused(road, [*typed.split(), "--option", "3"], "no such option")
    assert _refused(road, [*typed.split(), "--option", "2", "--ceiling", "4.00"], "less than the price")
    lock = road.home / "~$products.csv"
    lock.touch()
    assert _refused(road, [*typed.split(), "--option", "2"], "open in Excel")
    lock.unlink()

    more = named(offered, r"→ agent map .* --option N (--pack 2 --ceiling 5\.00)\s")
    code, screen = at_the_prompt(road, [*typed.split(), *more.split()], "9", "2")
    assert (code, "“9” is no number" in screen, "3 orders go on" in screen) == (0, True, True), screen
    assert "Pieces for one of yours: 2; a piece may cost up to 5.00 yuan" in screen
    assert _refused(road, [*typed.split(), "--option", "2"], "waits no longer")
    assert road.market.mall.submits == []

    asked = road.run()
    assert asked.code == 1 and road.market.shop.reveal_log == []
    assert road.agent(*named(asked, r"agent (approve [\d ]*\d)").split()).code == 0
    bought = road.run()
    assert bought.code == 0, bought.words
    for one, meant in ((ONE, 1), (TWO, 1), (MIXED, 2)):
        (book,) = [each for each in road.market.mall.orders if each.reference == one.reference]
        assert len(book.quote.lines) == meant
        assert ("YW3001", "茉莉", 2) in {(goods.product, goods.spec, goods.quantity) for goods in book.quote.lines}
    assert len(road.market.mall.submits) == 3


def at_the_prompt(road: Road, words: list[str], *answers: str) -> tuple[int, str]:
    """A person at a terminal: the program asks, each answer is typed, and how it ended, with all that stood on the screen."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    done = subprocess.run(
        [sys.executable, "-m", "agent", "--home", str(road.home), *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    os.close(theirs)
    os.close(ours)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _refused(road: Road, typed: list[str], says: str) -> bool:
    before = (road.home / "products.csv").read_bytes()
    ended = road.agent(*typed)
    assert (ended.code, says in ended.words) == (2, True), ended.words
    return (road.home / "products.csv").read_bytes() == before
