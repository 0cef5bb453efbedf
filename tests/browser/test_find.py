"""Each way of finding, on the page shapes of Chinese sites: what is found, what is not, and that two are as wrong as none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ElementHandle, Page

from agent.browser.find import Finder
from agent.browser.forms import place_form, target_form
from agent.sites.definition import Locator, Place, Site, Way
from tests.browser.conftest import Agent
from tests.browser.little import Little, html

Find = Callable[..., list[str]]


@pytest.fixture(scope="module")
def tab(warm: Browser) -> Iterator[Page]:
    context = warm.new_context(viewport={"width": 1366, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    from tests.browser.conftest import site_of

    site: Site = site_of(
        tmp_path_factory.mktemp("site"), "pages:\n  p:\n    here_if: css=body\nflows:\n  f:\n    - press: Tab\n"
    )
    return Finder(site)


@pytest.fixture
def find(tab: Page, finder: Finder) -> Find:
    """`find(body, way, words)` → the ids of what is found; the text stands for a thing without an id."""

    def found(body: str, way: Way, words: str, *, row: str = "") -> list[str]:
        tab.set_content(html(body))
        place = Place("it", (Locator(way, words, 1),), 1)
        target = target_form(None, place)
        if row:
            target["list"] = {
                "rows": [{"way": "css", "words": row}],
                "heading_rows": [],
                "footing_rows": [],
                "skip_rows": [],
                "places": [],
            }
        handle = finder.hold(tab, "several", target=target)
        ids: list[str] = handle.evaluate("found => found.map(el => el.id || el.textContent.trim())")
        return ids

    return found


def read(tab: Page, finder: Finder, body: str, **place: Any) -> dict[str, Any]:
    tab.set_content(html(body))
    return read_here(tab, finder, **place)


def read_here(tab: Page, finder: Finder, **place: Any) -> dict[str, Any]:
    way, _, words = place.pop("find").partition("=")
    wish = {"scope": [], "places": [place_form(Place("it", (Locator(way, words, 1),), 1, **place))], "lists": [], "held": []}
    answer = finder.ask(tab, "read", wish=wish, patience=300)
    return dict(answer["places"])


@pytest.mark.parametrize(
    ("body", "way", "words", "found"),
    [
        # button
        ("<button id=a>确 定</button>", "button", "确定", ["a"]),
        ("<button id=a>确\u3000定</button>", "button", "确 定", ["a"]),
        ("<input type=submit id=a value=提交订单>", "button", "提交订单", ["a"]),
        ("<a class='btn btn-red' id=a>添加</a>", "button", "添加", ["a"]),
        ("<div role=button id=a>ＯＫ</div>", "button", "ok", ["a"]),
        ("<button aria-label=关闭 id=a>×</button>", "button", "关闭", ["a"]),
        ("<button id=a>提交订单</button><button id=b>提交</button>", "button", "提交", ["b"]),
        ("<button id=a>提交订单</button><button id=b>提交</button>", "button", "提交*", ["a", "b"]),
        ("<button id=a style='display:none'>去</button><button id=b>去</button>", "button", "去", ["b"]),
        ("<button id=a style='visibility:hidden'>去</button><button id=b>去</button>", "button", "去", ["b"]),
        ("<button id=a style='position:absolute;left:-9999px'>去</button><button id=b>去</button>", "button", "去", ["b"]),
        ("<button id=a style='opacity:0'>去</button><button id=b>去</button>", "button", "去", ["b"]),
        ("<button id=a style='width:0;height:0;padding:0;border:0;overflow:hidden'></button><button id=b>去</button>", "button", "去", ["b"]),
        ("<div role=button><button id=a>去</button></div>", "button", "去", ["a"]),
        # link, heading, tab, test_id, css, xpath
        ("<a id=a href=#>订单详情</a><a id=b href=#>详情</a>", "link", "详情", ["b"]),
        ("<h2 id=a>我的 订单</h2>", "heading", "我的订单", ["a"]),
        ("<div class=auxo-modal-title id=a>修改备注</div>", "heading", "修改备注", ["a"]),
        ("<div role=tab id=a>待发货</div><div id=b>待发货</div>", "tab", "待发货", ["a"]),
        ("<i data-testid=save id=a>x</i>", "test_id", "save", ["a"]),
        ("<i class=productName__x7Fa id=a>x</i>", "css", "[class*=productName]", ["a"]),
        ("<ul><li id=a>1<li id=b>2</ul>", "xpath", "//li[2]", ["b"]),
        ("<ul><li id=a>1<li id=b>2</ul>", "css", "li", ["a", "b"]),
        # text: the smallest thing that says all of it
        ("<div id=o><p id=a>暂无<b>数据</b></p></div>", "text", "暂无数据", ["a"]),
        ("<div id=o><p id=a>共 20 条</p><script>'共3条'</script></div>", "text", "共*条", ["a"]),
        ("<p id=a style='display:none'>暂无数据</p>", "text", "暂无数据", []),
        # placeholder
        ("<input id=a placeholder=请输入快递单号>", "placeholder", "*单号*", ["a"]),
        ("<input id=a placeholder=请输入快递单号>", "placeholder", "单号", []),
        ("<textarea id=a placeholder=备注></textarea>", "placeholder", "备注", ["a"]),
        # dialog, section
        ("<div role=dialog id=a><h3>修改备注</h3></div><div role=dialog id=b><h3>别的</h3></div>", "dialog", "修改备注", ["a"]),
        (
            "<div role=dialog id=a aria-labelledby=t><div id=t>修改备注</div></div>",
            "dialog",
            "修改备注",
            ["a"],
        ),
        (
            "<div class=auxo-modal role=dialog id=o><div class=auxo-modal-content id=a><div class=auxo-modal-title>发货</div></div></div>",
            "dialog",
            "发货",
            ["a"],
        ),
        ("<section id=a><h3>收货信息</h3></section><section id=b><h3>商品</h3></section>", "section", "收货信息", ["a"]),
        ("<fieldset id=a><legend>收货信息</legend></fieldset>", "section", "收货信息", ["a"]),
        ("<table><tr id=a><td>R1<td>x<tr id=b><td>R2<td>y</table>", "row", "R2", ["b"]),
        # label
        ("<label for=a>外部单号：</label><input id=a>", "label", "外部单号", ["a"]),
        ("<label>* 收件人<input id=a></label>", "label", "收件人", ["a"]),
        ("<label><span>*</span>收件人：</label><input id=a><input id=b>", "label", "收件人", ["a"]),
        ("<table><tr><td>手机：</td><td><input id=a></td></tr><tr><td>备注：</td><td><input id=b></td></tr></table>", "label", "备注", ["b"]),
        ("<input aria-label=数量 id=a>", "label", "数量", ["a"]),
        ("<b id=l>数量</b><input aria-labelledby=l id=a>", "label", "数量", ["a"]),
        ("<div class=el-form-item><label>地区</label><div><input id=a></div></div>", "label", "地区", ["a"]),
        ("<label for=a>地区</label><input id=a style='display:none'>", "label", "地区", []),
        ("<table><thead><tr><th>外部单号</th></tr></thead></table><label for=a>外部单号</label><input id=a>", "label", "外部单号", ["a"]),
        (
            "<label for=rc_1>快递公司</label><div class='auxo-select x' id=a><span><input id=rc_1 role=combobox style='opacity:0'></span></div>",
            "label",
            "快递公司",
            ["a"],
        ),
        ("<label>一<input id=a></label><label>一<input id=b></label>", "label", "一", ["a", "b"]),
        ("<td>甲</td><label for=b>乙</label><input id=b>", "label", "甲", []),
        ("<label><input type=checkbox id=a style='display:none'><span>同意</span></label>", "label", "同意", ["a"]),
    ],
)  # fmt: skip
def test_way(find: Find, body: str, way: Way, words: str, found: list[str]) -> None:
    assert find(body, way, words) == found


HEAD = "<thead><tr><th>商品</th><th colspan=2 id=h>金额</th><th>状态</th></tr></thead>"


@pytest.mark.parametrize(
    ("body", "words", "found"),
    [
        (f"<table>{HEAD}<tbody><tr class=r><td>甲<td>1<td>2<td id=a>待发货</tbody></table>", "状态", ["a"]),
        (f"<table>{HEAD}<tbody><tr class=r><td>甲<td id=a>1<td id=b>2<td>待发货</tbody></table>", "金额", ["a", "b"]),
        # the cell of the first row stands for the second too
        ("<table><tr><th>号<th>状态<tr><td>1<td rowspan=2 id=a>已发货<tr class=r><td>2</table>", "状态", ["a"]),
        # the header in a table of its own, as component libraries do it
        (
            "<div class=auxo-table-container><div><table><thead><tr><th>商品<th>售后 <th>状态</table></div>"
            "<div><table><tbody><tr class=r><td>甲<td id=a>-<td>待发货</table></div></div>",
            "售后",
            ["a"],
        ),
        ("<div role=table><div role=row><b role=columnheader>号</b><b role=columnheader>状态：</b></div>"
         "<div role=row class=r><b role=cell>1</b><b role=cell id=a>已发货</b></div></div>", "状态", ["a"]),
        (f"<table>{HEAD}<tbody><tr class=r><td>甲<td>1<td>2<td>待发货</tbody></table>", "没有", []),
        ("<table><tr><th>状态<th>状态<tr class=r><td id=a>1<td id=b>2</table>", "状态", ["a", "b"]),
    ],
)  # fmt: skip
def test_column(find: Find, body: str, words: str, found: list[str]) -> None:
    assert find(body, "column", words, row=".r") == found


@pytest.mark.parametrize(
    ("body", "words", "shown"),
    [
        ("<dl><dt>订单号</dt><dd>S1</dd></dl>", "订单号", "S1"),
        ("<table><tr><th>订单号：</th><td>S1</td><th>状态</th><td>x</td></tr></table>", "订单号", "S1"),
        ("<table><tr><td><b>订单号</b></td><td>S1</td></tr></table>", "订单号", "S1"),
        ("<p><b>订单号：</b>S1</p>", "订单号", "S1"),
        ("<p><span>运费</span>：¥5.00 <span>优惠</span>：¥0.00</p>", "运费", "¥5.00"),
        ("<p><span>运费：</span>¥5.00<br><span>优惠：</span>¥0.00</p>", "运费", "¥5.00"),
        ("<li>订单号：S1</li>", "订单号", "S1"),
        ("<dl><dt>买家留言</dt><dd></dd><dt>备注</dt><dd>x</dd></dl>", "买家留言", ""),
        ("<p><span>留言</span><span></span></p>", "留言", ""),
        ("<p><span>订单号</span><svg></svg><em>S1</em></p>", "订单号", "S1"),
        ("<p><span>订单号</span><input type=hidden value=x><em>S1</em></p>", "订单号", "S1"),
        ("<p><span>件数</span><input value=3></p>", "件数", "3"),
        ("<table><tr><th>订单号<th>状态</tr><tr><td>S9<td>x</table><dl><dt>订单号<dd>S1</dl>", "订单号", "S1"),
    ],
)
def test_beside(tab: Page, finder: Finder, body: str, words: str, shown: str) -> None:
    assert read(tab, finder, body, find=f"beside={words}")["it"] == {"raw": shown}


@pytest.mark.parametrize(
    ("body", "part", "shown"),
    [
        ("<b id=x>合计: ¥12.00</b>", "合计: ¥{}", {"raw": "12.00"}),
        ("<b id=x>合 计：￥12.00 元</b>", "合计:¥{}元", {"raw": "12.00"}),
        ("<b id=x>商家编码：ABC－1</b>", "商家编码{}", {"raw": "ABC－1"}),
        ("<b id=x>共 23 条</b>", "共{}条", {"raw": "23"}),
        ("<b id=x>x2</b>", "x{}", {"raw": "2"}),
        ("<b id=x>box x2</b>", "x{}", {"raw": "box x2", "why": "part"}),
        ("<b id=x>小计: 12.00</b>", "合计: ¥{}", {"raw": "小计: 12.00", "why": "part"}),
        ("<b id=x>𠮷：１２</b>", "𠮷：{}", {"raw": "１２"}),
    ],
)
def test_part(tab: Page, finder: Finder, body: str, part: str, shown: dict[str, str]) -> None:
    assert read(tab, finder, body, find="css=#x", part=part)["it"] == shown


@pytest.mark.parametrize(
    ("body", "part", "shown"),
    [
        ("圆通速递  YT6939", "{carrier} {tracking_number}", {"carrier": "圆通速递", "tracking_number": "YT6939"}),
        (
            "2 x T恤 颜色: 黑色, 尺码: L ￥38.00",
            "{quantity} x {title} 颜色:{specification.1},尺码:{specification.2} ¥{line_total}",
            {"quantity": "2", "title": "T恤", "specification": "黑色;L", "line_total": "38.00"},
        ),
        ("玻璃杯 透明（3 件）", "{title} ({quantity}件)", {"title": "玻璃杯 透明", "quantity": "3"}),
        (
            "快递：圆通\xa0单号：YT6939",
            "快递:{carrier} 单号:{tracking_number}",
            {"carrier": "圆通", "tracking_number": "YT6939"},
        ),
    ],
)
def test_parts_of_a_text_that_are_words(tab: Page, finder: Finder, body: str, part: str, shown: dict[str, str]) -> None:
    answer = read(tab, finder, f"<b id=x>{body}</b>", find="css=#x", part=part)
    assert {word: one["raw"] for word, one in answer.items()} == shown


def test_a_text_without_its_parts_is_told(tab: Page, finder: Finder) -> None:
    answer = read(tab, finder, "<b id=x>YT6939</b>", find="css=#x", part="{carrier} {tracking_number}")
    assert answer["it"] == {"raw": "YT6939", "why": "part"}


def test_several_hits_are_read_together_only_where_it_is_said(tab: Page, finder: Finder) -> None:
    cells = "<table><tr><td class=at>2026年11月27日</td><td class=at>15:30</td></tr></table>"
    assert read(tab, finder, cells, find="css=.at")["it"] == {"count": 2}
    assert read(tab, finder, cells, find="css=.at", together=True)["it"] == {"raw": "2026年11月27日 15:30"}
    assert read(tab, finder, "<b>-</b>", find="css=.at", together=True)["it"] == {"count": 0}


def test_a_line_that_is_not_read(tab: Page, finder: Finder) -> None:
    block = "<p id=x>王建国<br>解放路1号<br>中国<br></p>"
    shown = read(tab, finder, block, find="css=#x", each_line=("receiver_name", "address", "-"))
    assert shown == {"receiver_name": {"raw": "王建国"}, "address": {"raw": "解放路1号"}}
    assert read(tab, finder, block, find="css=#x", each_line=("receiver_name", "address"))["it"]["why"] == "lines"


def test_lines_with_words_around_what_is_wanted(tab: Page, finder: Finder) -> None:
    block = "<ul id=x><li><b>Name：</b> 张三<li>编号 7<li>City: 杭州市 临平区<li>Phone: 138</ul>"
    lines = ("Name: {receiver_name}", "-", "City: {city} {district}", "phone")
    assert read(tab, finder, block, find="css=#x", each_line=lines) == {
        "receiver_name": {"raw": "张三"},
        "city": {"raw": "杭州市"},
        "district": {"raw": "临平区"},
        "phone": {"raw": "Phone: 138"},
    }
    other = read(tab, finder, block, find="css=#x", each_line=("Nick: {receiver_name}", "-", "-", "-"))
    assert other["it"]["why"] == "line" and other["it"]["line"] == "Nick: {receiver_name}"


def test_attribute_and_lines(tab: Page, finder: Finder) -> None:
    assert read(tab, finder, "<i id=x title=绿>旗</i>", find="css=#x", attribute="title")["it"] == {"raw": "绿"}
    assert read(tab, finder, "<i id=x>旗</i>", find="css=#x", attribute="title")["it"]["why"] == "attribute"
    block = "<div id=x><p>张*</p><p>138****1234</p>\n<p>浙江省 杭州市</p></div>"
    words = ("receiver_name", "phone", "address")
    assert read(tab, finder, block, find="css=#x", each_line=words) == {
        "receiver_name": {"raw": "张*"},
        "phone": {"raw": "138****1234"},
        "address": {"raw": "浙江省 杭州市"},
    }
    assert read(tab, finder, block, find="css=#x", each_line=("receiver_name", "phone"))["it"]["lines"] == 3


def test_inside_narrows_and_a_frame_can_be_entered(tab: Page, finder: Finder) -> None:
    two = "<form class=order><b class=n>1</b></form><form><b class=n>2</b></form>"
    assert read(tab, finder, two, find="css=.n", inside=(Locator("css", "form.order", 1),))["it"] == {"raw": "1"}
    assert read(tab, finder, two, find="css=.n", inside=(Locator("css", "form", 1),))["it"] == {"count": 0}
    framed = "<iframe id=f srcdoc='<b class=n>3</b>'></iframe>"
    tab.set_content(html(framed))
    tab.frame_locator("#f").locator(".n").wait_for()
    assert read_here(tab, finder, find="css=.n", inside=(Locator("css", "#f", 1),))["it"] == {"raw": "3"}


def test_open_shadow_roots_are_seen_through(tab: Page, finder: Finder) -> None:
    body = """<order-item id=o></order-item><script>
      const root = o.attachShadow({mode: 'open'});
      root.innerHTML = '<q-button id=q></q-button><b class=no>S1</b>';
      root.getElementById('q').attachShadow({mode: 'open'}).innerHTML = '<button id=inner>提交订单</button>';</script>"""
    assert read(tab, finder, body, find="css=.no")["it"] == {"raw": "S1"}
    handle = finder.take(tab, "one", target=target_form(None, Place("it", (Locator("button", "提交订单", 1),), 1)))
    assert isinstance(handle, ElementHandle)


def test_what_was_scrolled_away_is_seen_inside_of_a_web_component_too(tab: Page, finder: Finder) -> None:
    body = """<order-list id=o></order-list><script>
      o.attachShadow({mode: 'open'}).innerHTML = '<button>合并付款</button><div style="height:4000px"></div>';
      scrollTo(0, 3000);</script>"""
    tab.set_content(html(body))
    assert tab.evaluate("scrollY") > 1_000
    handle = finder.take(tab, "one", target=target_form(None, Place("it", (Locator("button", "合并付款", 1),), 1)))
    assert isinstance(handle, ElementHandle)


def test_a_second_spelling_is_used_only_where_the_first_hits_nothing(tab: Page, finder: Finder) -> None:
    place = Place("it", (Locator("button", "去付款", 1), Locator("button", "提交", 2)), 1)
    for body, words in (("<button>提交</button>", "提交"), ("<button>提交</button><button>去付款</button>", "去付款")):
        tab.set_content(html(body))
        found = finder.take(tab, "one", target=target_form(None, place))
        assert isinstance(found, ElementHandle) and found.inner_text() == words


def test_the_error_says_what_the_page_offers(agent_for: Callable[..., Agent], little: Little) -> None:
    from agent.errors import PageChanged

    little.pages["/"] = "<h1>单</h1><button>立即下单</button><button>加入购物车</button>"
    agent = agent_for(
        "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n    go: button=提交订单\nflows:\n  f:\n    - open: form\n    - click: go\n",
        wait_for_page=1.5,
    )
    with pytest.raises(PageChanged) as failed:
        agent.play("f")
    assert "立即下单, 加入购物车" in failed.value.what and "button=提交订单" in failed.value.what
    where = failed.value.where
    assert (where.flow, where.step, where.steps, where.account) == ("f", 2, 2, "little-1")
    assert where.file is not None and where.file.read_text().splitlines()[where.line - 1].strip() == "- click: go"
    assert where.evidence is not None and where.evidence.exists()
