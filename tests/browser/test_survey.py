"""Counting what the locators of a page hit, and the page's build with its words masked."""

from __future__ import annotations

from collections.abc import Callable

from agent.browser.survey import Survey, best
from agent.models import Sight
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Little

Make = Callable[..., Agent]
TEXT = """\
pages:
  list:
    open_at: /
    here_if:
      - heading=我的订单
      - heading=订单列表
    search:
      - button=查询
      - button=搜索
    number_searched: label=单号
    export: button=导出
    orders:
      rows: css=tr.o
      nothing_found: text=暂无订单
      next_page: link=下一页
      supplier_order_number: column=订单号
      state:
        - column=状态
        - css=.state
      details: link=查看
  detail:
    here_if: heading=订单详情
    total: beside=应付
flows:
  list_orders:
    - open: list
    - click: search
    - expect: list
    - read: [orders]
  read_order:
    - open: list
    - click: details
      where: {supplier_order_number: <purchase_order.supplier_order_number>}
    - expect: detail
    - read: [total]
"""
ROWS = """<h1>订单列表</h1><label>单号 <input value="手机13800138000" placeholder="输入单号"></label><button>搜 索</button>
<button>导出</button><button>导出</button>
<table id=list-42><tr><th>订单号<th>状态<th>
<tr class=o><td>S1<td>待发货<td><a href="/s1?buyer=张三">查看</a>
<tr class=o><td>S2<td>已发货<td><a href="/s2">查看</a><a href="/s2">查看</a></table>"""


def site(little: Little) -> None:
    little.pages |= {"/": ROWS, "/s1": "<h1>订单详情</h1><p>收货人：张三 Zhang 13800138000<dl><dt>应付<dd>¥12.50</dl>"}


def states(found: Survey) -> dict[tuple[str, str, str], str]:
    return {(one.page, one.place, one.locator): one.state for one in found.sights}


def test_each_locator_is_counted_where_its_place_is(agent_for: Make, little: Little) -> None:
    site(little)
    found = agent_for(TEXT).session.survey("list_orders", {})
    assert found.failure is None and len(found.reading.values["orders"]) == 2  # type: ignore[arg-type]
    seen = states(found)
    assert {key[1:]: state for key, state in seen.items() if not key[1].startswith("orders")} == {
        ("here_if", "heading=我的订单"): "none",
        ("here_if", "heading=订单列表"): "once",
        ("search", "button=查询"): "none",
        ("search", "button=搜索"): "once",
        ("number_searched", "label=单号"): "once",
        ("export", "button=导出"): "several",
    }
    assert {key[1:]: state for key, state in seen.items() if key[1].startswith("orders")} == {
        ("orders.rows", "css=tr.o"): "once",
        ("orders.nothing_found", "text=暂无订单"): "none",
        ("orders.next_page", "link=下一页"): "none",
        ("orders.supplier_order_number", "column=订单号"): "once",
        ("orders.state", "column=状态"): "once",
        ("orders.state", "css=.state"): "none",
        ("orders.details", "link=查看"): "several",
    }
    details = next(one for one in found.sights if one.place == "orders.details")
    assert details.counts == (1, 2) and TEXT.splitlines()[details.line - 1 - 7].strip() == "details: link=查看"


def test_what_was_seen_up_to_where_it_stopped_stays(agent_for: Make, little: Little) -> None:
    site(little)
    agent = agent_for(TEXT)
    found = agent.session.survey("read_order", {"purchase_order.supplier_order_number": "S1"})
    assert found.failure is None and states(found)[("detail", "total", "beside=应付")] == "once"
    little.pages["/s1"] = "<h1>别的页面</h1>"
    found = agent.session.survey("read_order", {"purchase_order.supplier_order_number": "S1"})
    assert found.failure is not None and "detail" in found.failure.what
    assert {key[0] for key in states(found)} == {"list"}


def test_a_page_alone_is_opened_and_nothing_is_pressed_there(agent_for: Make, little: Little) -> None:
    site(little)
    found = agent_for(TEXT).session.survey("list_orders", {}, page="list")
    assert found.failure is None and states(found)[("list", "search", "button=搜索")] == "once"
    assert [one.path for one in little.asked] == ["/"]


def test_a_locator_without_a_row_to_look_in_is_not_missing(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>我的订单</h1><button>查询</button><p>暂无订单"
    found = states(agent_for(TEXT).session.survey("list_orders", {}))
    assert found[("list", "orders.details", "link=查看")] == "no_row"
    assert found[("list", "orders.nothing_found", "text=暂无订单")] == "once"


def test_the_best_of_several_moments_counts() -> None:
    def at(*counts: int) -> Sight:
        return Sight("list", "total", "beside=应付", 3, counts)

    assert best([at(), at(0), at(2)]) == (at(2),)
    assert best([at(0), at(1), at(2), at()]) == (at(1),)


def test_a_skeleton_keeps_the_build_and_the_words_of_the_file_alone(agent_for: Make, little: Little) -> None:
    site(little)
    agent = agent_for(TEXT)
    found = agent.session.survey("read_order", {"purchase_order.supplier_order_number": "S1"}, skeletons=True)
    whole = "\n".join(found.skeletons.values())
    assert set(found.skeletons) == {"list", "detail"}
    for kept in ("订单详情", "应付", "搜 索", '<table id="list-00">', '<tr class="o">'):
        assert kept in whole, whole
    for private in ("张三", "Zhang", "zhang", "13800138000", "12.50", "S1", "待发货", "/s1"):
        assert private not in whole, whole
    assert "字字字:字字 xxxxx 00000000000" in whole.replace("：", ":")


def test_what_a_skeleton_never_holds(agent_for: Make, little: Little) -> None:
    little.pages["/"] = Answer(
        "<!doctype html><title>张三的店</title><script>var buyer = '张三'</script><style>.zhang{}</style><!-- 张三 -->"
        "<h1>我的订单</h1><button onclick=\"say('张三')\" data-buyer=张三 style=\"--a:'张三'\">查询</button><p>暂无订单"
        "<iframe srcdoc='<p>李四 8 号</p>'></iframe><template id=t>张三</template>",
        bare=True,
    )
    found = agent_for(TEXT).session.survey("list_orders", {}, skeletons=True)
    text = found.skeletons["list"]
    assert "张三" not in text and "李四" not in text and "<script" not in text and "zhang" not in text
    assert "<iframe" in text and "字字 0 字" in text
