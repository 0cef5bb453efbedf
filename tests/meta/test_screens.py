"""What stands on the screen at the widths that terminals have: nothing wider, no number and no command cut, nothing left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from rich.cells import cell_len

from agent.cli import tell
from agent.cli.lines import answer, wrapped
from agent.clock import SystemClock
from agent.ledger import InboxItem, Ledger
from agent.models import Fen, OrderLine, PurchaseLine, PurchaseOrder, SupplierProduct
from agent.work.review import cause_of_review
from agent.work.unmapped import cause_of
from tests.ledger.goods import SHOP, order
from tests.meta.source import wrong_with
from tests.meta.test_cli import Terminal, agent_

__all__ = ["agent_"]
TITLE = "ins风高硼硅玻璃杯 家用水杯 大容量男女办公室泡茶杯带把手耐高温"
OURS, THEIRS = "茶色【带把】350ml×2只礼盒", "茶色/带把 350ml"
REMARK = "送礼盒，麻烦包装好看一点，写上生日快乐，谢谢老板"
MANY = 45
WIDTHS = pytest.mark.parametrize("width", [80, 160])
# Names that the seller gave, and signs of goods: not ours to translate.
NOT_OURS = re.compile(
    r"ins|ml|hangzhou|yiwu|mall|YW\d+|XP7|H-\d+|[0-9A-Z]{12}|R\d+|shop-xiaolin|config\.yaml|agent [a-z]+|--[a-z-]+|words:"
)


def number(at: int) -> str:
    return f"69{20261122 * 10**9 + at * 7919:017d}"


def line(at: int, code: str = "BLB-DB") -> OrderLine:
    return OrderLine(f"{number(at)}A", TITLE, OURS, code, 2, "none", "ordinary", "", Fen(2990))


def _order(ledger: Ledger, at: int, *, hours: float, code: str = "BLB-DB", says: str = "") -> None:
    now = SystemClock().now()
    one = order(number=number(at), lines=(line(at, code),), ship_by=now + timedelta(hours=hours), buyer_message=says)
    ledger.save_order(one, now, detail=True)
    ledger.dispose(SHOP, number(at), "ours", "")


def _waits(ledger: Ledger, at: int, *, total: int | None = None, reason: str = "review") -> None:
    goods = SupplierProduct("hangzhou", "YW2001", TITLE, THEIRS, 2, Fen(890), Fen(1000))
    bought = PurchaseOrder(
        f"R{at}", SHOP, number(at), 1, "hangzhou", "mall-hangzhou", (PurchaseLine(line(at).line_number, goods, 4),)
    )
    ledger.plan([bought], SystemClock().now())
    cause = cause_of_review(bought)
    ledger.ask(
        "review",
        cause if total is None else f"filled:{cause}:{total}",
        what=f"等你审核：在 hangzhou 下单 {TITLE} / {THEIRS} × 4",
        todo="",
        reason=reason,
        shop=SHOP,
        order_number=number(at),
        reference=f"R{at}",
        at=SystemClock().now(),
    )


def _fails(ledger: Ledger, reason: str, at: int, what: str, *, todo: str = "", reference: str = "") -> None:
    about = {"shop": SHOP, "order_number": number(at)} if at else {"account": "shop-xiaolin"}
    ledger.ask(
        reason, f"{reason}:{at}", what=what, todo=todo, reason=reason, reference=reference, at=SystemClock().now(), **about
    )  # type: ignore[arg-type]


@pytest.fixture
def seller(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A morning's inbox: questions, a remark, a filled form, an unknown outcome, products without a row, a page that changed."""
    monkeypatch.setattr(tell, "WIDTH_OF_A_FILE", 0)
    agent_("doctor", "--write-config")
    ledger = agent_.ledger()
    for at in range(1, MANY + 1):
        _order(ledger, at, hours=60 + at)
        _waits(ledger, at)
    _order(ledger, 50, hours=30, says=REMARK)
    _waits(ledger, 50, reason="remark")
    _order(ledger, 51, hours=3)
    _waits(ledger, 51, total=3860)
    _order(ledger, 52, hours=5, code="XP7")
    item = ledger.ask(
        "unmapped", cause_of(SHOP, line(52, "XP7")), what=f"{TITLE} / {OURS}", todo="", shop=SHOP, at=SystemClock().now()
    )
    ledger.let_wait(item, [(SHOP, number(52))])
    for at in (53, 54):
        _order(ledger, at, hours=20)
        _fails(
            ledger,
            "OutcomeUnknown",
            at,
            f"采购单 DEGH6Y8P306{at % 10} 的结果未确认，请勿重拍",
            reference=f"DEGH6Y8P306{at % 10}",
        )
    _fails(ledger, "PageChanged", 0, "页面变了：找不到「提交订单」", todo="请你对照页面改好网站文件里的这一行。")
    ledger.close()
    yield agent_


def screen(seller: Terminal, monkeypatch: pytest.MonkeyPatch, width: int, *typed: str) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    return seller(*typed, language="zh").out.splitlines()


def commands(lines: list[str]) -> list[str]:
    """What stands there to be typed, without what comes of it."""
    return [found[1] for shown in lines if (found := re.search(r"→ (agent .*?)(?:  |$)", shown))]


@WIDTHS
@pytest.mark.parametrize("typed", [["inbox"], ["inbox", "--all"], ["review"], ["map"]], ids=" ".join)
def test_a_screen_is_not_wider_than_the_terminal_and_cuts_nothing(
    seller: Terminal, monkeypatch: pytest.MonkeyPatch, width: int, typed: list[str]
) -> None:
    lines = screen(seller, monkeypatch, width, *typed)
    wide = [shown for shown in lines if cell_len(shown) > width]
    assert not [shown for shown in wide if not shown.lstrip().startswith("→ agent ")], wide
    assert [wrong for command in commands(lines) for wrong in wrong_with(command)] == []
    assert commands(lines)
    if typed[0] != "map":
        assert all(any(number(at) in shown for shown in lines) for at in (50, 51)), "an order number is whole"
    words = re.sub(NOT_OURS, "", "\n".join(lines))
    assert re.findall(r"[A-Za-z]{2,}", words) == []


@WIDTHS
def test_a_command_for_many_items_is_one_line_however_long(
    seller: Terminal, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    lines = screen(seller, monkeypatch, width, "inbox")
    approve = next(command for command in commands(lines) if re.match(r"agent approve \d+ \d+", command))
    assert len(approve.split()) == 2 + 40
    assert any("前 40 件" in shown for shown in lines)
    assert seller(*approve.split()[1:]).code == 0
    assert sum(item.reason == "review" for item in waiting(seller)) == MANY + 1 - 40


def waiting(seller: Terminal) -> list[InboxItem]:
    ledger = seller.ledger()
    items = ledger.items()
    ledger.close()
    return items


def test_a_group_says_what_to_fill_in_in_chinese_and_each_item_has_it_filled_in(
    seller: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = screen(seller, monkeypatch, 80, "inbox")
    assert "agent resolve 采购单号 --number 供应商订单号" in commands(lines)
    assert "agent inbox --all" in commands(lines)
    assert any("请你对照页面改好网站文件" in shown for shown in lines), "what to do at a page that changed"
    every = commands(screen(seller, monkeypatch, 80, "inbox", "--all"))
    assert {f"agent resolve DEGH6Y8P306{at} --not-placed" for at in (3, 4)} <= set(every)


def test_money_and_time_stand_once_and_are_right(seller: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = screen(seller, monkeypatch, 160, "inbox")
    (head,) = [shown for shown in lines if shown.startswith("■ 等你审核")]
    assert f"{MANY + 1} 件" in head and f"涉及 {MANY * 4 * 8.90 + 38.60:.2f} 元" in head and "还剩 2 小时" in head
    assert "单等着" not in head, "as many orders as items"
    assert "最早" in head and ("今天" in head or "明天" in head)
    (alone,) = [shown for shown in lines if shown.startswith("■ 商品还没匹配货源")]
    assert "涉及 59.80 元" in alone, "as long as nothing is planned, what the buyer paid"
    assert "59.80" not in lines[lines.index(alone) + 1], "of a single item the title has said it"


def test_the_review_is_a_table_where_there_is_room_and_blocks_where_not(
    seller: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = [shown for shown in screen(seller, monkeypatch, 160, "review") if shown.startswith("│")]
    assert len({cell_len(shown) for shown in table}) == 1, "every row is as wide as the others, Chinese letters too"
    assert table[0].count("│") == 7
    for width in range(100, 160, 7):
        shown = screen(seller, monkeypatch, width, "review")
        assert any(number(51) in each for each in shown), f"cut at {width}"
    blocks = "\n".join(screen(seller, monkeypatch, 80, "review"))
    assert f"抖店订单号: {number(51)} · " in blocks and "已填好的下单页共 38.60" in blocks
    assert REMARK in blocks.replace("\n", "").replace("  ", "")


def test_the_review_ends_with_commands_that_work_as_they_stand(seller: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    yes, no, later, group = commands(screen(seller, monkeypatch, 80, "review"))
    ids = {item.order_number: item.id for item in waiting(seller)}
    assert yes == f"agent approve {ids[number(51)]}", "the most urgent one"
    assert no == f"agent reject {ids[number(51)]}"
    assert later.startswith("agent hold ") and seller(*later.split()[1:]).code == 0
    assert group == "agent approve --supplier hangzhou" and seller(*group.split()[1:]).code == 0
    assert [item.order_number for item in waiting(seller) if item.kind == "review"] == [number(50)], "but what has a remark"


# ---- where a line ends


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("供应商订单号2026112658398在这里", 16, ["供应商订单号", "2026112658398在", "这里"]),
        ("买家写：送礼盒，麻烦包装好看", 16, ["买家写：送礼盒，", "麻烦包装好看"]),
        ("请你运行 `agent hold 3 --until 18:00` 再说", 30, ["请你运行", "`agent hold 3 --until 18:00`", "再说"]),
        ("一二三四五六七 · 今天 18:00 前发货", 24, ["一二三四五六七 · 今天", "18:00 前发货"]),
        ("一二三四五六七八九十 · 涉及 9.00 元", 32, ["一二三四五六七八九十", "· 涉及 9.00 元"]),
        ("", 10, [""]),
        ("short words stay whole", 12, ["short words", "stay whole"]),
    ],
)
def test_a_line_ends_between_letters_never_inside_a_number_or_a_command(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_a_command_wider_than_the_terminal_stays_one_line() -> None:
    typed = "agent approve " + " ".join(str(at) for at in range(100, 140))
    assert list(answer(typed, "通过，去下单", 80)) == [f"→ {typed}", "  通过，去下单"]
    assert list(answer("agent map", "看看", 80)) == ["→ agent map  看看"]


def test_a_sign_that_closes_never_begins_a_line() -> None:
    for width in range(8, 60):
        for shown in wrapped(f"单价：应为「最多 39.00 元」，页面显示「45.90 (YW2003 / 奶白)」（{REMARK}）。", width):
            assert shown[0] not in "，。；：、！？）」》”,.;:!?)]", shown
