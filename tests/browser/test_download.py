"""Lists that a site gives as a file: workbook or CSV, read by the words over its columns as any list is."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from openpyxl import Workbook

from agent.errors import AgentError, PageChanged, PageLost, PersonNeeded
from agent.models import Unreadable
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Little, goto

Make = Callable[..., Agent]
TEXT = """\
words:
  order_states: {placed: 待发货, shipped: 已发货}
pages:
  list:
    open_at: /
    here_if: heading=我的订单
    orders:
      download: button=导出订单
      skip_rows: row=合计
      supplier_order_number: column=订单号
      reference: column=外部单号
      total: column=金额*
      state:
        find: column=状态
        words: order_states
      receiver:
        find: column=收货信息
        part: "{receiver_name} {phone}"
flows:
  list_orders:
    - open: list
    - read: [orders]
"""
HEAD = ["订单号", "外部单号", "金额（元）", "状态", "收货信息", "备注"]
ROWS = [
    ["2026113000000000001", "PPX2", "1,234.50", "待发货", "张三 13800138000", "含,逗号\n和换行"],
    ["2026113000000000002", "", "3", "已发货", "李四 13900139000"],
]
SUM = ["合计", "", "1,237.50"]
PAGE = "<h1>我的订单</h1><button onclick=\"location = '/export'\">导出订单</button>"


def file(raw: bytes, name: str = "订单.csv") -> Answer:
    told = f"attachment; filename*=UTF-8''{quote(name)}"
    return Answer(raw, headers=(("Content-Type", "application/octet-stream"), ("Content-Disposition", told)))


def separated(*rows: list[str], by: str = ",") -> str:
    return "\r\n".join(by.join(f'"{cell}"' if set(cell) & set(',\n"') else cell for cell in row) for row in rows)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(agent_for: Make, little: Little, answer: Answer | str, *, wait_for_page: float = 20) -> list[dict[str, object]]:
    little.pages |= {"/": PAGE, "/export": answer}
    reading = agent_for(TEXT, wait_for_page=wait_for_page).play("list_orders")
    return [dict(row) for row in reading.values["orders"]]  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize(
    "raw",
    [
        separated(HEAD, *ROWS, SUM).encode("utf-8-sig"),
        separated(HEAD, *ROWS, SUM).encode("gbk"),
        separated(HEAD, *ROWS, by="\t").encode(),
        separated(["义乌小商城 订单导出", "", ""], ["导出时间：2026-11-30"], HEAD, *ROWS).encode(),
        workbook(HEAD, *ROWS, SUM),  # type: ignore[arg-type]
        workbook(["订单导出"], HEAD, [*ROWS[0][:2], 1234.5, *ROWS[0][3:]], [ROWS[1][0], None, 3, *ROWS[1][3:]]),  # type: ignore[arg-type]
    ],
    ids=["utf-8", "gbk", "tabs", "a title above", "xlsx", "xlsx with numbers"],
)
def test_rows_are_read_by_the_words_over_their_columns(agent_for: Make, little: Little, raw: bytes) -> None:
    first, second = read(agent_for, little, file(raw))
    assert first == {
        "supplier_order_number": "2026113000000000001",
        "reference": "PPX2",
        "total": 123_450,
        "state": "placed",
        "receiver_name": "张三",
        "phone": "13800138000",
    }
    assert (second["reference"], second["total"], second["state"]) == ("", 300, "shipped")


def test_a_file_with_headings_alone_is_an_empty_list(agent_for: Make, little: Little) -> None:
    assert read(agent_for, little, file(separated(HEAD).encode()), wait_for_page=2) == []


def test_what_stands_in_a_cell_is_text_and_never_run(agent_for: Make, little: Little) -> None:
    bad = [ROWS[0][0], "<script>document.title='x'</script>", "3", "待发货", "张三 13800138000"]
    (row,) = read(agent_for, little, file(separated(HEAD, bad).encode()))
    assert row["reference"] == "<script>document.title='x'</script>"


def test_a_word_that_is_unknown_stays_with_its_row(agent_for: Make, little: Little) -> None:
    (row,) = read(agent_for, little, file(separated(HEAD, [*ROWS[0][:3], "拼单中", *ROWS[0][4:]]).encode()))
    assert isinstance(row["state"], Unreadable)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<html><table><tr><td>1</table>", "订单.csv.* it is a web page"),
        (b"\xd0\xcf\x11\xe0 old", "old .xls"),
        (b"PK\x03\x04 broken", "damaged workbook"),
        (b"\xff\xfe\x00\x01\xff", "neither a workbook nor text"),
        (
            separated(["订单号", "状态", "金额"], ["1", "2", "3"]).encode(),
            "no column 外部单号, 收货信息; its columns are: 订单号, 状态, 金额",
        ),
        (b"", "订单.csv of the list orders is empty"),
        (workbook(HEAD, [2026113000000000001, "PPX2"]), "spoilt the long number"),
        (separated(HEAD, [*ROWS[0][:4], "张三"]).encode(), "does not fit"),
    ],
    ids=["html", "xls", "broken", "no text", "columns", "empty", "long number", "part"],
)
def test_a_file_that_is_no_such_table_is_told_with_what_it_is(agent_for: Make, little: Little, raw: bytes, words: str) -> None:
    with pytest.raises(PageChanged, match=words) as failed:
        read(agent_for, little, file(raw), wait_for_page=2)
    assert failed.value.where.line == TEXT.splitlines().index("    - read: [orders]") + 8


def test_a_file_that_comes_to_a_tab_of_its_own(agent_for: Make, little: Little) -> None:
    little.pages |= {
        "/": PAGE.replace("location = '/export'", "window.open('/export')"),
        "/export": file(separated(HEAD, *ROWS).encode()),
    }
    assert len(agent_for(TEXT, wait_for_page=20).play("list_orders").values["orders"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hangs_up", "why"),
    [(False, "nothing more of it came for 2 s"), (True, "Download.path: canceled")],
    ids=["silent", "hung up"],
)
def test_a_file_that_stops_on_its_way_is_not_waited_for(agent_for: Make, little: Little, hangs_up: bool, why: str) -> None:
    begun = replace(file(separated(HEAD, *ROWS).encode()), owed=1000, hangs_up=hangs_up)
    with pytest.raises(PageLost, match=rf"订单\.csv did not come whole: {why}"):
        read(agent_for, little, begun, wait_for_page=2)


def test_a_page_in_place_of_the_file_and_a_file_of_another_site(agent_for: Make, little: Little) -> None:
    with pytest.raises(PageChanged, match=r"No file came from orders.download \(button=导出订单\)"):
        read(agent_for, little, "<h1>请先选择订单</h1>", wait_for_page=2)
    with pytest.raises(AgentError) as failed:
        read(agent_for, little, goto("http://127.0.0.1:9/export.csv"), wait_for_page=2)
    assert isinstance(failed.value, PersonNeeded), failed.value.what
