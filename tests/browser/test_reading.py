"""The verb `read`: in one call, twice until equal, empty only in the page's own words."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

import pytest

from agent.browser.find import Finder
from agent.errors import Mismatch, PageChanged
from agent.models import SHANGHAI, Unreadable
from tests.browser.listing import TEXT, Make, orders, row, table
from tests.browser.little import Answer, Asked, Little


def test_rows_are_read_by_type(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(row(1), row(2, state="已 发货", count="１"), "<tr class='o sum'><td colspan=6>合计")
    assert orders(agent_for(TEXT)) == (
        {
            "supplier_order_number": "S1",
            "title": "甲",
            "ordered_at": datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI),
            "total": 123450,
            "quantity": 2,
            "state": "placed",
        },
        {
            "supplier_order_number": "S2",
            "title": "甲",
            "ordered_at": datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI),
            "total": 123450,
            "quantity": 1,
            "state": "shipped",
        },
    )


def test_a_cell_that_is_not_understood_stays_with_its_row(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(row(1, state="冻结中"), row(2))
    first, second = orders(agent_for(TEXT))
    assert isinstance(first["state"], Unreadable) and first["state"].raw == "冻结中"
    assert second["state"] == "placed"


def test_a_hundred_rows_of_ten_columns_are_not_read_cell_by_cell(
    agent_for: Make, little: Little, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (
        "supplier_order_number title specification product merchant_code supplier_note carrier remark tracking_number reference"
    ).split()
    places = "".join(f"      {one}: column={one}\n" for one in columns)
    text = TEXT[: TEXT.index("      supplier_order_number")] + places + TEXT[TEXT.index("flows:") :]
    cells = "".join("<tr class=o>" + "".join(f"<td>v{i}-{k}" for k in range(10)) for i in range(100))
    little.pages["/"] = "<h1>单</h1><table><tr>" + "".join(f"<th>{c}" for c in columns) + cells + "</table>"
    calls: list[str] = []
    ask = Finder.ask

    def counted(self: Finder, tab: Any, verb: str, **request: Any) -> Any:
        calls.append(verb)
        return ask(self, tab, verb, **request)

    monkeypatch.setattr(Finder, "ask", counted)
    rows = orders(agent_for(text))
    assert len(rows) == 100 and rows[99]["reference"] == "v99-9"
    assert len(calls) < 20, calls  # two or three, and as many again for each look that a slow page needs


def test_an_empty_list_only_in_the_pages_own_words(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(after="<p>暂无订单</p>")
    assert orders(agent_for(TEXT)) == ()
    little.pages["/"] = table(after="<p>加载失败</p>")
    with pytest.raises(PageChanged, match="does not say that it is empty"):
        orders(agent_for(TEXT, wait_for_page=1.5))
    little.pages["/"] = table(row(1), after="<p>暂无订单</p>")
    with pytest.raises(PageChanged, match="shows rows and says"):
        orders(agent_for(TEXT, wait_for_page=1.5))


def test_rows_that_come_late_are_waited_for(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(
        after=f"<script>setTimeout(() => document.querySelector('tbody').innerHTML += `{row(1)}`, 700)</script>"
    )
    assert len(orders(agent_for(TEXT, wait_for_page=20))) == 1


def test_a_cell_that_is_there_twice_is_an_error_with_its_row(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(row(1), row(2)).replace("<th>数量", "<th>金额")
    with pytest.raises(PageChanged, match=r"Row 1 .*2 things"):
        orders(agent_for(TEXT, wait_for_page=1.5))


def test_a_column_that_is_not_there_is_told_with_those_that_are(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(row(1)).replace("<th>金额", "<th>实付款")
    with pytest.raises(
        PageChanged, match=r"Row 1 of orders: 0 things .*column=金额.*the page offers: 订单号, 商品, 时间, 实付款, 数量, 状态"
    ):
        agent_for(TEXT).play("list_orders")


def test_a_page_that_never_stays_the_same_is_not_read(agent_for: Make, little: Little) -> None:
    little.pages["/"] = table(
        row(1), after="<script>let n = 0; setInterval(() => document.querySelector('td').textContent = 'S' + n++, 4)</script>"
    )
    with pytest.raises(PageChanged, match="twice alike"):
        orders(agent_for(TEXT, wait_for_page=1.5))


GROUPS = """\
pages:
  list:
    open_at: /
    here_if: heading=单
    order_lines:
      rows: css=tr[data-row-key^=child]
      heading_rows: css=tr[data-row-key]:not([data-row-key^=child])
      footing_rows: css=tr[class*=remarkRow]
      row_count:
        find: css=#pager
        part: "共{}条"
      counted_by: order_number
      order_number:
        find: css=.no
        in_heading: yes
        part: "订单编号{}"
      remark:
        find: css=.sellerRemark
        in_footing: yes
        part: "商家备注{}"
      line_number:
        find: row
        attribute: data-row-key
        part: "child{}"
      title: css=.t
flows:
  list_orders:
    - open: list
    - read: [order_lines]
"""


def test_rows_know_their_heading_and_their_footing(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><table>"
        "<tr data-row-key=A><td class=no>订单编号 A<tr data-row-key=child1><td class=t>甲<tr data-row-key=child2><td class=t>乙"
        "<tr class=remarkRow__x><td class=sellerRemark>商家备注：已拍"
        "<tr data-row-key=B><td class=no>订单编号 B<tr data-row-key=child3><td class=t>丙</table><p id=pager>共2条</p>"
    )
    assert agent_for(GROUPS).play("list_orders").values["order_lines"] == (
        {"order_number": "A", "remark": "已拍", "line_number": "1", "title": "甲"},
        {"order_number": "A", "remark": "已拍", "line_number": "2", "title": "乙"},
        {"order_number": "B", "remark": "", "line_number": "3", "title": "丙"},
    )


@pytest.mark.parametrize(
    "words",
    ['part: "{buyer_message} {remark}"', 'each_line: ["{buyer_message} {remark}"]'],
    ids=["of a part", "of a block of lines"],
)
def test_words_of_a_footing_that_is_not_there_are_empty(agent_for: Make, little: Little, words: str) -> None:
    told = "<tr data-row-key={0}><td class=no>订单编号 {0}<tr data-row-key=child{0}><td class=t>甲"
    footing = "<tr class=remarkRow__x><td class=sellerRemark>尽快 已拍"
    little.pages["/"] = f"<h1>单</h1><table>{told.format(1)}{footing}{told.format(2)}</table><p id=pager>共2条</p>"
    text = GROUPS.replace('part: "商家备注{}"', words).replace("      remark:\n", "      note:\n")
    rows = agent_for(text).play("list_orders").values["order_lines"]
    assert [(row["buyer_message"], row["remark"]) for row in rows] == [("尽快", "已拍"), ("", "")]


ONE = "pages:\n  p:\n    open_at: /\n    here_if: heading=单\n    total: beside=应付总额\nflows:\n  f:\n    - open: p\n    - read: [total]\n"


def test_a_value_of_the_page_that_is_not_understood_stops(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><dl><dt>应付总额<dd>待定</dl>"
    with pytest.raises(Mismatch, match="待定"):
        agent_for(ONE).play("f")
    little.pages["/"] = "<h1>单</h1><dl><dt>应付总额<dd>¥1.00</dl>"
    reading = agent_for(ONE).play("f")
    assert (reading.values, reading.raw) == ({"total": 100}, {"total": "¥1.00"})


def test_a_value_that_settles_late_is_read_when_it_has(agent_for: Make, little: Little) -> None:
    little.pages["/t"] = Answer("¥99.00", bare=True)
    little.pages["/"] = (
        "<h1>单</h1><dl><dt>应付总额<dd id=t>¥1.00</dl><script>fetch('/t').then(r => r.text()).then(x => { t.textContent = x })</script>"
    )
    assert agent_for(ONE).play("f").values == {"total": 9900}


def test_nothing_is_read_while_the_page_is_busy(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><i class=spin>…</i><dl><dt>应付总额<dd id=t>¥1.00</dl><script>"
        "setTimeout(() => { t.textContent = '¥2.00'; document.querySelector('.spin').remove(); }, 700)</script>"
    )
    assert agent_for("busy: css=.spin\n" + ONE).play("f").values == {"total": 200}


SUMMARY = """\
pages:
  p:
    open_at: /
    here_if: heading=单
    recount: button=计算运费
    freight: beside=运费
    total: beside=应付总额
flows:
  f:
    - open: p
    - click: recount
    - read: [freight, total]
"""


@pytest.mark.parametrize("meanwhile", ["", "--", "计算中…"])
def test_a_summary_that_is_half_empty_while_it_is_reckoned_is_waited_for(
    agent_for: Make, little: Little, meanwhile: str
) -> None:
    """The page begins to ask only a while after the click, as those do that wait for the last letter."""
    little.pages["/reckon"] = Answer("¥6.00|¥16.00", bare=True)
    little.pages["/"] = f"""<h1>单</h1><button>计算运费</button><dl><dt>运费<dd>¥0.00<dt>应付总额<dd>¥10.00</dl><script>
      const cells = document.querySelectorAll("dd");
      document.querySelector("button").onclick = () => {{
        cells.forEach((one) => {{ one.textContent = "{meanwhile}"; }});
        setTimeout(async () => {{
          const told = (await (await fetch("/reckon")).text()).split("|");
          cells[0].textContent = told[0];
          setTimeout(() => {{ cells[1].textContent = told[1]; }}, 400);
        }}, 500);
      }};</script>"""
    assert agent_for(SUMMARY, wait_for_page=20).play("f").values == {"freight": 600, "total": 1600}


def test_an_amount_drawn_twice_is_one_and_two_amounts_are_none(agent_for: Make, little: Little) -> None:
    aloud = "<span style='position:absolute;width:1px;height:1px;overflow:hidden'>¥{}</span><span aria-hidden=true>¥<b>{}</b></span>"
    little.pages["/"] = "<h1>单</h1><dl><dt>应付总额<dd>" + aloud.format("1,234.50", "1,234.50") + "</dl>"
    assert agent_for(ONE).play("f").values == {"total": 123_450}
    little.pages["/"] = "<h1>单</h1><dl><dt>应付总额<dd>" + aloud.format("1,234.50", "1,243.50") + "</dl>"
    with pytest.raises(Mismatch, match="no amount of money"):
        agent_for(ONE).play("f")


def test_an_amount_that_stands_at_two_places_is_read_at_the_one_that_is_named(agent_for: Make, little: Little) -> None:
    twice = "<section><h2>合计</h2><dl><dt>应付总额<dd>¥{}</dl></section>"
    little.pages["/"] = "<h1>单</h1>" + twice.format("10.00") + twice.replace("合计", "结算").format("12.00")
    with pytest.raises(PageChanged, match=r"2 things on the page fit total \(beside=应付总额\)"):
        agent_for(ONE).play("f")
    named = ONE.replace("    total: beside=应付总额\n", "    total:\n      find: beside=应付总额\n      inside: section=结算\n")
    assert agent_for(named).play("f").values == {"total": 1200}


OFFER = """\
pages:
  offer:
    open_at: /
    here_if: heading=货品
    colour:
      options: css=.colours button
    offers:
      rows: css=li
      for_each: colour
      specification: css=b
      unit_price: css=i
flows:
  read_product:
    - open: offer
    - read: [offers]
"""
# The chosen colour is marked at once, its rows come when the site has answered.
SIZES = """<h1>货品</h1><p class=colours></p><ul></ul><script>
const SKUS = __SKUS__, colours = Object.keys(SKUS);
let chosen = colours[0];
const row = ([size, price]) => `<li><b>${size}</b><i>${price}</i></li>`;
const draw = (sizes) => { document.querySelector("ul").innerHTML = Object.entries(sizes).map(row).join(""); };
const buttons = () => { document.querySelector(".colours").replaceChildren(...colours.filter(Boolean).map((colour) => {
  const one = document.createElement("button");
  one.textContent = colour; one.className = colour === chosen ? "c active" : "c"; one.disabled = !Object.keys(SKUS[colour]).length;
  one.onclick = async () => { chosen = colour; buttons(); await fetch("/slow"); draw(SKUS[colour]); };
  return one;
})); };
buttons(); draw(SKUS[chosen]);
</script>"""


def offers(agent_for: Make, little: Little, skus: dict[str, dict[str, str]]) -> list[tuple[Any, Any]]:
    def slow(_asked: Asked) -> Answer:
        time.sleep(0.4)
        return Answer("ok")

    little.pages |= {"/": SIZES.replace("__SKUS__", json.dumps(skus, ensure_ascii=False)), "/slow": slow}
    rows = agent_for(OFFER).play("read_product").values["offers"]
    return [(row["specification"], row["unit_price"]) for row in rows]  # type: ignore[union-attr,index]


def test_the_rows_under_each_option_are_read_and_say_which(agent_for: Make, little: Little) -> None:
    skus = {
        "黑色": {"M": "¥18.00", "L": "¥19.00"},
        "白色": {"M": "¥18.00"},
        "红色": {},
        "青花 瓷": {"L": "¥1.00", "XL": "¥2.00"},
    }
    told = [("黑色;M", 1800), ("黑色;L", 1900), ("白色;M", 1800), ("青花 瓷;L", 100), ("青花 瓷;XL", 200)]
    assert offers(agent_for, little, skus) == told, "a colour that is greyed out is not to be had"


def test_a_page_without_such_options_shows_all_of_its_rows(agent_for: Make, little: Little) -> None:
    assert offers(agent_for, little, {"": {"单个": "¥3.20", "一对": "¥6.00"}}) == [("单个", 320), ("一对", 600)]
