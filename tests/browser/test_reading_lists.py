"""The verb `read` over pages, and over rows that come, or leave, as they are scrolled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.errors import PageChanged, SiteUnavailable
from tests.browser.listing import COUNT, HEAD, TEXT, Make, orders, row, table
from tests.browser.little import Answer, Asked, Little


def paged(pages: list[list[int]], count: str = "") -> Callable[[Asked], str]:
    def answer(asked: Asked) -> str:
        at = int(asked.fields.get("p", "1"))
        link = f"<a href='/?p={at + 1}'>下一页</a>" if at < len(pages) else "<span>下一页</span>"
        return table(*(row(n) for n in pages[at - 1]), after=link + f"<p id=pager>{count}</p>")

    return answer


def test_every_page_of_a_list_is_read(agent_for: Make, little: Little) -> None:
    little.pages["/"] = paged([[1, 2], [3, 4], [5]])
    assert [one["supplier_order_number"] for one in orders(agent_for(TEXT))] == ["S1", "S2", "S3", "S4", "S5"]


@pytest.mark.parametrize(
    ("last", "way"),
    [("<button disabled>下一页</button>", "button="), ("<span>下一页</span>", "link=")],
    ids=["greyed out", "no link"],
)
def test_two_pagers_are_not_taken_for_the_last_page(agent_for: Make, little: Little, last: str, way: str) -> None:
    """Above and below the rows: which of the two turns the page nobody knows, but that there is another page is sure."""
    pages = paged([[1, 2], [3]])
    little.pages["/"] = lambda asked: pages(asked).replace("</h1>", "</h1><a href='/?p=2'>下一页</a>")
    with pytest.raises(PageChanged, match="2 things on the page fit next_page"):
        orders(agent_for(TEXT))
    little.pages["/"] = lambda asked: table(row(1), row(2), after=last * 2)
    assert len(orders(agent_for(TEXT.replace("link=", way)))) == 2


def test_a_total_that_changes_from_page_to_page_says_that_the_list_moved(agent_for: Make, little: Little) -> None:
    """One row left the list after the first page was read, so the first of the next page slid on to it, unread."""
    little.pages["/"] = lambda asked: (
        table(row(1), row(2), after="<a href='/?p=2'>下一页</a><p id=pager>共 4 条</p>")
        if asked.fields.get("p", "1") == "1"
        else table(row(4), after="<p id=pager>共 3 条</p>")
    )
    with pytest.raises(SiteUnavailable, match="moved"):
        orders(agent_for(TEXT.replace("      next_page", COUNT + "      next_page")))


def test_a_row_on_two_pages_says_that_the_list_moved(agent_for: Make, little: Little) -> None:
    little.pages["/"] = paged([[1, 2], [2, 3]])
    with pytest.raises(SiteUnavailable, match="moved"):
        orders(agent_for(TEXT))


STATEMENT = """\
pages:
  account:
    open_at: /
    here_if: heading=单
    statement:
      rows: css=tr.o
      next_page: link=下一页
      supplier_order_number: column=订单号
      amount: column=金额
      balance: column=余额
flows:
  read_statement:
    - open: account
    - read: [statement]
"""


def statement(*pages: str) -> Callable[[Asked], str]:
    """`number amount balance` a line."""

    def answer(asked: Asked) -> str:
        at = int(asked.fields.get("p", "1"))
        rows = "".join(f"<tr class=o>{''.join(f'<td>{cell}' for cell in line.split())}" for line in pages[at - 1].split("; "))
        link = f"<a href='/?p={at + 1}'>下一页</a>" if at < len(pages) else ""
        return f"<h1>单</h1><table><tr><th>订单号<th>金额<th>余额{rows}</table>{link}"

    return answer


def test_an_order_and_what_has_no_number_may_stand_on_several_pages_of_a_statement(agent_for: Make, little: Little) -> None:
    little.pages["/"] = statement("- +600.00 900.00; 7001 +16.80 300.00", "7001 -16.80 283.20; - +300.00 300.00")
    lines = agent_for(STATEMENT).play("read_statement").values["statement"]
    assert [(line["supplier_order_number"], line["amount"]) for line in lines] == [
        *(("-", 60_000), ("7001", 1_680)),
        *(("7001", -1_680), ("-", 30_000)),
    ]


def test_a_line_that_a_newer_one_pushed_on_to_the_next_page_of_a_statement_is_not_two(agent_for: Make, little: Little) -> None:
    little.pages["/"] = statement("7002 -5.00 895.00; - +600.00 900.00", "- +600.00 900.00; 7001 -16.80 300.00")
    with pytest.raises(SiteUnavailable, match="moved while it was being read"):
        agent_for(STATEMENT).play("read_statement")


@pytest.mark.parametrize(("count", "good"), [("共 3 条", True), ("共 4 条", False), ("共 2 条", False)])
def test_the_pages_own_total_must_equal_the_rows(agent_for: Make, little: Little, count: str, good: bool) -> None:
    little.pages["/"] = paged([[1, 2], [3]] if good or "4" in count else [[1, 2, 3]], count)
    agent = agent_for(TEXT.replace("      supplier_order", COUNT + "      supplier_order", 1))
    if good:
        assert len(orders(agent)) == 3
    else:
        with pytest.raises(PageChanged, match="says it holds"):
            orders(agent)


def test_rows_loaded_only_when_scrolled_to(agent_for: Make, little: Little) -> None:
    little.pages["/more"] = lambda asked: Answer(
        "".join(row(n) for n in range(int(asked.fields["from"]), int(asked.fields["from"]) + 5)), bare=True
    )
    little.pages["/"] = (
        "<h1>单</h1><div id=box style='height:120px;overflow:auto'><table>"
        + HEAD
        + "".join(row(n) for n in range(1, 6))
        + "</table></div><p id=pager>共 20 条</p><script>let has = 5, asking = false; box.onscroll = async () => {"
        "if (asking || has >= 20 || box.scrollTop + box.clientHeight < box.scrollHeight - 5) return; asking = true;"
        "const more = await (await fetch('/more?from=' + (has + 1))).text();"
        "setTimeout(() => { document.querySelector('tbody').insertAdjacentHTML('beforeend', more); has += 5; asking = false; }, 100); };</script>"
    )
    rows = orders(agent_for(TEXT.replace("      supplier_order", COUNT + "      supplier_order", 1)))
    assert [one["supplier_order_number"] for one in rows] == [f"S{n}" for n in range(1, 21)]


# Draws eleven rows at a time, twenty points high each; those scrolled away leave the page. `first` moves the numbers on.
WINDOW = """<style>table { border-spacing: 0 } td, th { padding: 0; font: 12px/20px sans-serif }</style><h1>单</h1>
  <div id=box style='height:160px;overflow:auto'><div id=all style='position:relative;height:__HEIGHT__px'>
  <table style='position:absolute'><thead><tr>__HEAD__</tr></thead><tbody></tbody></table></div></div><p id=pager>__COUNT__</p><script>
  let first = 0;
  const draw = () => {
    const from = Math.max(0, Math.floor(box.scrollTop / 20) - 2);
    const rows = Array.from({ length: 11 }, (_, at) => from + at).filter((at) => at < __ROWS__).map((at) => at + first);
    const cells = (n) => ["S" + n, "甲", "2026-11-22 18:00", "¥1.00", 2, "待发货"].map((one) => `<td>${one}</td>`).join("");
    all.firstElementChild.style.top = from * 20 + "px";
    all.querySelector("tbody").innerHTML = rows.map((n) => `<tr class=o style='height:20px'>${cells(n)}</tr>`).join("");
  };
  box.onscroll = () => setTimeout(draw, 150);
  draw();
</script>"""


def window(rows: int, count: str = "") -> str:
    told = {"HEIGHT": str(rows * 20 + 40), "HEAD": HEAD.removeprefix("<tr>"), "COUNT": count, "ROWS": str(rows)}
    page = WINDOW
    for word, text in told.items():
        page = page.replace(f"__{word}__", text)
    return page


@pytest.mark.parametrize("count", ["共 60 条", ""])
def test_rows_that_leave_the_page_when_they_are_scrolled_away(
    agent_for: Make, little: Little, count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.browser.reading.GLANCE", 3.0)  # a busy machine draws late
    little.pages["/"] = window(60, count)
    text = TEXT.replace("      next_page: link=下一页\n", COUNT if count else "")
    agent = agent_for(text)
    assert [one["supplier_order_number"] for one in orders(agent)] == [f"S{n}" for n in range(60)]
    (seen,) = agent.stage.seen
    assert len(seen.shown["orders"]["rows"]) == 11, "what stands there now is what a commit compares"


def test_a_list_that_moves_on_under_the_scrolling_is_not_put_together(agent_for: Make, little: Little) -> None:
    little.pages["/"] = window(60, "共 60 条").replace("setTimeout(draw, 150)", "{ first += 20; draw(); }")
    with pytest.raises(SiteUnavailable, match="moved while it was being read"):
        orders(agent_for(TEXT.replace("      supplier_order", COUNT + "      supplier_order", 1)))


def test_a_list_that_holds_fewer_than_it_says_is_refused(agent_for: Make, little: Little) -> None:
    little.pages["/"] = window(30, "共 31 条")
    with pytest.raises(PageChanged, match="says it holds 31, 30 were read"):
        orders(agent_for(TEXT.replace("      supplier_order", COUNT + "      supplier_order", 1)))
