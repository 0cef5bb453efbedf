"""Steps that act in one row of a list, and `clear`, which takes out what an earlier attempt of ours left; judged on the site's own cart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from agent.errors import Mismatch, PageChanged
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Asked, Little

Make = Callable[..., Agent]
Goods = tuple[str, str, int]
OURS: Goods = ("短袖T恤", "黑色;L", 2)
FOREIGN: Goods = ("短袖T恤", "黑色;XL", 1)
LINE = {"line.title": "短袖T恤", "line.specification": "黑色;L", "line.quantity": "2"}

PAGES = """\
pages:
  cart:
    open_at: /
    here_if: heading=进货单
    picked_all: css=.all input
    goods:
      rows: css=.item
      nothing_found: text=进货单空空的
      title: css=.title
      specification: css=.spec
      quantity: css=.amount
      unit_price: css=.price
      picked: css=.next-checkbox-input
      remove: link=删除
    really: css=.next-balloon button
flows:
  fill_order:
    - open: cart
"""
CLEAR = """\
    - clear: goods
      where: {title: <line.title>, specification: <line.specification>}
"""

# Fusion draws its own box over a real one that nobody sees; rows are drawn anew whenever the server has answered.
SCRIPT = """<style>
  .next-checkbox { position: relative; display: inline-block; width: 16px; height: 16px }
  .next-checkbox-input { opacity: 0; position: absolute; left: 0; top: 0; width: 16px; height: 16px; margin: 0 }
</style><h1>进货单</h1><label class=all><input type=checkbox>全选</label><div id=cart>加载中</div><script>
const draw = (goods) => {
  const price = goods.length * 3;
  cart.innerHTML = goods.map((one) => `<div class=item>
    <label class=next-checkbox-wrapper><span class=next-checkbox>
      <input type=checkbox class=next-checkbox-input ${one.ticked ? "checked" : ""}
        onclick="event.preventDefault(); tell('/tick?key=' + ${one.key})"></span></label>
    <b class=title>${one.goods[0]}</b> <i class=spec>${one.goods[1]}</i> <span>¥<span class=price>${price}.00</span></span>
    <input class=amount value="${one.goods[2]}"> <a href="javascript:void ask(${one.key})">删除</a></div>`).join("") || "<p>进货单空空的</p>";
};
const tell = (where) => setTimeout(async () => draw(await (await fetch(where, {method: "POST"})).json()), 30);
const remove = (key) => tell("/remove?key=" + key);
const ask = ASK;
setTimeout(async () => draw(await (await fetch("/list")).json()), 100);
</script>"""
ASKS = {
    "nothing": "remove",
    "browser": "(key) => { if (confirm('确定删除吗?')) remove(key); }",
    "page": "(key) => document.body.insertAdjacentHTML('beforeend', "
    "`<div class=next-balloon>确定删除吗<button onclick='this.parentElement.remove(); remove(${key})'>确 定</button></div>`)",
}


@dataclass
class Item:
    key: int
    goods: Goods
    ticked: bool = True


@dataclass
class Cart:
    """The little site's cart. `takes` is how many rows go with one that is removed; `turns`: the others change places."""

    items: list[Item] = field(default_factory=list)
    takes: int = 1
    turns: bool = False

    @property
    def goods(self) -> list[Goods]:
        return [item.goods for item in self.items]

    @property
    def ticked(self) -> list[Goods]:
        return [item.goods for item in self.items if item.ticked]

    def put(self, *goods: Goods) -> None:
        self.items = [Item(key, one) for key, one in enumerate(goods)]

    def tick(self, asked: Asked) -> Answer:
        for item in self.items:
            item.ticked ^= str(item.key) == asked.path.partition("key=")[2]
        return self.answer(asked)

    def remove(self, asked: Asked) -> Answer:
        at = next(at for at, item in enumerate(self.items) if str(item.key) == asked.path.partition("key=")[2])
        del self.items[at : at + self.takes]
        self.items = self.items[::-1] if self.turns else self.items
        return self.answer(asked)

    def answer(self, _asked: Asked) -> Answer:
        told = [{"key": item.key, "goods": item.goods, "ticked": item.ticked} for item in self.items]
        return Answer(json.dumps(told), bare=True)


@pytest.fixture
def cart(little: Little) -> Cart:
    made = Cart()
    little.pages |= {"/list": made.answer, "/tick": made.tick, "/remove": made.remove}
    shows(little, "nothing")
    return made


def shows(little: Little, asks: str) -> None:
    little.pages["/"] = SCRIPT.replace("ASK", ASKS[asks])


# ---- one row ---------------------------------------------------------------------------------------------------------


def test_tick_in_the_one_row_that_fits(agent_for: Make, cart: Cart) -> None:
    """The box itself is not to be seen, and the row is drawn anew by the click on it."""
    cart.put(FOREIGN, OURS)
    ours = "        - tick: {picked: yes}\n          where: {title: <line.title>, specification: <line.specification>}\n"
    out = "    - tick: {picked: no}\n      where: {title: 短袖T恤, specification: 黑色;XL}\n"
    agent_for(PAGES + out + "    - for_each_line:\n" + ours).play("fill_order", {"lines": (LINE,)})
    assert cart.ticked == [OURS]


def test_a_row_is_known_by_words_that_stand_in_one_text(agent_for: Make, cart: Cart) -> None:
    cart.put(FOREIGN, OURS)
    apart = "      title: css=.title\n      specification: css=.spec\n"
    together = '      item:\n        find: css=.title, .spec\n        together: yes\n        part: "{title} {specification}"\n'
    assert apart in PAGES
    step = "    - tick: {picked: no}\n      where: {title: 短袖T恤, specification: 黑色;XL}\n"
    cart.items[0].ticked = cart.items[1].ticked = True
    agent_for(PAGES.replace(apart, together) + step).play("fill_order")
    assert cart.ticked == [OURS]


@pytest.mark.parametrize("goods", [(FOREIGN,), (OURS, OURS)])
def test_tick_in_no_row_or_two_stops(agent_for: Make, cart: Cart, goods: tuple[Goods, ...]) -> None:
    cart.put(*goods)
    text = PAGES + "    - tick: {picked: no}\n      where: {specification: 黑色;L}\n"
    with pytest.raises(PageChanged, match="picked"):
        agent_for(text, wait_for_page=3).play("fill_order")
    assert cart.ticked == list(goods)


def test_a_tick_that_does_not_change_stops_after_one_click(agent_for: Make, cart: Cart, little: Little) -> None:
    cart.put(OURS)
    little.pages["/tick"] = cart.answer
    with pytest.raises(PageChanged, match="did not change"):
        agent_for(PAGES + "    - tick: {picked: no}\n      where: {specification: 黑色;L}\n", wait_for_page=3).play(
            "fill_order"
        )
    assert len(little.posts) == 1


def test_fill_in_the_one_row_that_fits(agent_for: Make, cart: Cart) -> None:
    cart.put(FOREIGN, OURS)
    agent = agent_for(PAGES + "    - fill: {quantity: '7'}\n      where: {specification: 黑色;L}\n")
    agent.play("fill_order")
    assert [box.input_value() for box in agent.stage.here.locator(".amount").all()] == ["1", "7"]


def test_what_was_put_into_rows_is_held_row_by_row(agent_for: Make, cart: Cart) -> None:
    """Two rows with a box of the same name: a commit compares both, each in its own row."""
    cart.put(FOREIGN, OURS)
    steps = "    - fill: {quantity: '7'}\n      where: {specification: 黑色;L}\n    - tick: {picked: no}\n      where: {specification: 黑色;L}\n"
    agent = agent_for(PAGES + steps + steps.replace("L}", "XL}").replace("'7'", "'8'"))
    agent.play("fill_order")
    held = {name: one.shown for name, one in agent.stage.held.items()}
    assert held == {
        "quantity (黑色;L)": "7",
        "picked (黑色;L)": "false",
        "quantity (黑色;XL)": "8",
        "picked (黑色;XL)": "false",
    }


@pytest.mark.parametrize(("goods", "there"), [((FOREIGN,), False), ((FOREIGN, OURS), True)])
def test_expect_gone_of_a_row(agent_for: Make, cart: Cart, little: Little, goods: tuple[Goods, ...], there: bool) -> None:
    """The rows come late: a list not drawn yet is not a list without that row."""
    little.pages["/"] = SCRIPT.replace("ASK", ASKS["nothing"]).replace("100);", "700);")
    cart.put(*goods)
    agent = agent_for(PAGES + "    - expect_gone: goods\n      where: {specification: 黑色;L}\n", wait_for_page=3)
    if not there:
        agent.play("fill_order")
        return
    with pytest.raises(PageChanged, match="still there"):
        agent.play("fill_order")


# ---- clear -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turns", [False, True])
def test_clear_takes_out_every_row_of_ours_and_no_other(agent_for: Make, cart: Cart, turns: bool) -> None:
    cart.turns = turns
    other = {"line.title": "短袖T恤", "line.specification": "白色;M"}
    cart.put(OURS, FOREIGN, ("短袖T恤", "白色;M", 1), OURS, ("袜子", "黑色;L", 5))
    agent_for(PAGES + CLEAR).play("fill_order", {"left_behind": (LINE, other)})
    assert sorted(cart.goods) == sorted([FOREIGN, ("袜子", "黑色;L", 5)])


def test_clear_to_the_pages_own_word_for_empty(agent_for: Make, cart: Cart) -> None:
    cart.put(OURS)
    agent = agent_for(PAGES + CLEAR)
    agent.play("fill_order", {"left_behind": (LINE, LINE)})
    assert cart.goods == []
    agent.play("fill_order", {"left_behind": (LINE,)})


def test_clear_with_nothing_left_behind_touches_nothing(agent_for: Make, cart: Cart, little: Little) -> None:
    cart.put(OURS, FOREIGN)
    agent_for(PAGES + CLEAR).play("fill_order", {"left_behind": (), "lines": (LINE,)})
    assert cart.goods == [OURS, FOREIGN] and not little.posts


def test_clear_says_yes_to_the_browsers_question_by_its_words_only(agent_for: Make, cart: Cart, little: Little) -> None:
    shows(little, "browser")
    cart.put(OURS)
    with pytest.raises(PageChanged, match="still there"):
        agent_for(PAGES + CLEAR, wait_for_page=3).play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == [OURS]
    agent_for(PAGES + CLEAR + "      browser_asks: 确定删除吗?\n").play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == []


def test_clear_says_yes_once_for_each_click(agent_for: Make, cart: Cart, little: Little) -> None:
    shows(little, "browser")
    cart.put(OURS, FOREIGN, OURS)
    text = PAGES + CLEAR + "      browser_asks: 确定删除吗?\n"
    agent_for(text).play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == [FOREIGN]
    cart.put(OURS)
    asks = ASKS["browser"].replace("if (", "if (confirm('确定删除吗?') && ")
    little.pages["/"] = SCRIPT.replace("ASK", asks)
    with pytest.raises(PageChanged, match="still there"):
        agent_for(text, wait_for_page=3).play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == [OURS]


def test_clear_answers_the_pages_own_question(agent_for: Make, cart: Cart, little: Little) -> None:
    shows(little, "page")
    cart.put(OURS, FOREIGN, OURS)
    agent_for(PAGES + CLEAR + "      do:\n        - click: really\n").play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == [FOREIGN]


def test_clear_stops_where_more_goes_than_the_one_row(agent_for: Make, cart: Cart, little: Little) -> None:
    cart.put(OURS, FOREIGN, OURS)
    cart.takes = 2
    with pytest.raises(PageChanged, match="More changed"):
        agent_for(PAGES + CLEAR).play("fill_order", {"left_behind": (LINE,)})
    assert len(little.posts) == 1


def test_clear_of_a_list_that_is_not_there_stops(agent_for: Make, cart: Cart, little: Little) -> None:
    little.pages["/"] = "<h1>进货单</h1>"
    with pytest.raises(PageChanged, match="does not say that it is empty"):
        agent_for(PAGES + CLEAR, wait_for_page=3).play("fill_order", {"left_behind": (LINE,)})


def test_a_quantity_in_where_leaves_a_row_that_a_person_added_to(agent_for: Make, cart: Cart) -> None:
    """The same goods put in by a person make one row with ours: it is not ours to take out any more."""
    cart.put(("短袖T恤", "黑色;L", 3))
    where = CLEAR.replace("<line.specification>}", "<line.specification>, quantity: <line.quantity>}")
    agent_for(PAGES + where).play("fill_order", {"left_behind": (LINE,)})
    assert cart.goods == [("短袖T恤", "黑色;L", 3)]


def test_a_form_known_by_its_hidden_value(agent_for: Make, little: Little) -> None:
    form = "<form method=post action=/take><b>收纳筐</b><input type=hidden name=sku value={}><button>选它</button></form>"
    little.pages |= {"/": "<h1>单</h1>" + "".join(map(form.format, ("A1-X", "A1", "A2"))), "/take": "<h1>好</h1>"}
    text = """pages:
  p:
    open_at: /
    here_if: heading=单
    goods:
      rows: css=form
      product:
        find: css=[name=sku]
        attribute: value
      take_it: button=选它
flows:
  f:
    - open: p
    - read: [goods]
    - click: take_it
      where: {product: <line.product>}
"""
    rows = agent_for(text).play("f", {"line.product": "A1"}).values["goods"]
    assert rows == ({"product": "A1-X"}, {"product": "A1"}, {"product": "A2"})
    assert [one.fields for one in little.posts] == [{"sku": "A1"}]


def test_fill_in_a_row_that_is_not_there(agent_for: Make, cart: Cart) -> None:
    cart.put(FOREIGN)
    with pytest.raises((PageChanged, Mismatch)):
        agent_for(PAGES + "    - fill: {quantity: '7'}\n      where: {specification: 黑色;L}\n", wait_for_page=3).play(
            "fill_order"
        )
