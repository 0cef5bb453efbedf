"""The shipped site files as read: what a flow walks over, uses and guesses, and what its hash does and does not notice."""

from __future__ import annotations

from dataclasses import make_dataclass
from datetime import time
from functools import cache
from pathlib import Path

import pytest

from agent.sites import grammar, steps
from agent.sites.contract import VALUES
from agent.sites.definition import WAYS, Clear, Commit, ForEachLine, ListPlace, Place, Site, Tick, ValueName
from agent.sites.document import Problems
from agent.sites.hashed import sha256_of
from agent.sites.reader import SiteForm, manners_of, read_site

SELECTORS = Path(__file__).parents[2] / "selectors"
FILES = sorted(SELECTORS.rglob("*.yaml"))


@cache
def shipped(name: str) -> Site:
    return read_site(SELECTORS / f"{name}.yaml")


def edited(folder: Path, name: str, *edits: tuple[str, str]) -> Site:
    text = (SELECTORS / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_site(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_file_keeps_its_contract(path: Path) -> None:
    assert read_site(path).site == path.stem


def test_what_a_shop_lacks_it_need_not_read(tmp_path: Path) -> None:
    """And where the receiver is masked, a changed address has to be told by the shop."""
    text = (SELECTORS / "doudian.yaml").read_text(encoding="utf-8")
    without = text.replace("state, address_change, flag,", "state, flag,").replace("ordered_at, ship_by,", "ordered_at,")
    path = tmp_path / "doudian.yaml"
    path.write_text(without, encoding="utf-8")
    with pytest.raises(Problems) as told:
        read_site(path)
    assert [problem.what for problem in told.value.problems] == ["`read_order` does not read ship_by, address_change"]
    path.write_text(without.replace("kind: shop\n", "kind: shop\nlacks: [ship_by, address_change]\n"), encoding="utf-8")
    with pytest.raises(Problems, match="a changed address would show nowhere"):
        read_site(path)
    path.write_text(without.replace("kind: shop\n", "kind: shop\nlacks: [ship_by, address_change, mask]\n"), encoding="utf-8")
    assert read_site(path).lacks == ("ship_by", "address_change", "mask")


def test_a_shop_that_asks_what_is_in_each_parcel_has_no_other_form() -> None:
    site = read_site(SELECTORS / "examples" / "oscar-dashboard.yaml")
    assert "ship_order" not in site.flows and {"ship_parcel", "mark_shipped"} <= set(site.flows)
    parcel = site.pages["order_detail"].places["parcel"]
    assert isinstance(parcel, Place) and parcel.reads == ("carrier", "tracking_number")


def test_top() -> None:
    site = shipped("doudian")
    assert site.manners.pause == (3.0, 10.0)
    assert site.manners.quiet == (time(0, 0), time(6, 0))
    assert site.limits.wait_for_page == 20.0
    assert site.words["order_states"]["to_ship"] == ("待发货", "备货中")
    assert site.words["order_states"]["shipped"] == ("已发货",)
    assert shipped("mall").money_moves_at == "month_end"
    assert shipped("mall").manners.most_per_hour is None


def test_places() -> None:
    page = shipped("doudian").pages["order_list"]
    rows = page.places["order_lines"]
    assert isinstance(rows, ListPlace)
    assert rows.counted_by == "order_number"
    assert rows.row_count is not None and rows.row_count.part == "共{}条"
    assert str(rows.places["line_number"].find[0]) == "row"
    assert rows.places["flag"].in_heading and rows.places["flag"].guess
    assert not rows.places["after_sales"].guess
    assert "details" in rows.places and "details" not in rows.columns
    receiver = shipped("doudian").pages["order_detail"].places["receiver"]
    assert isinstance(receiver, Place) and receiver.reads == ("receiver_name", "phone", "address")


def test_a_name_is_the_pages_own_place_before_a_lists() -> None:
    page = shipped("mall").pages["order_form"]
    own = page.place("quantity")
    assert isinstance(own, Place) and str(own.find[0]) == "label=数量"
    assert page.list_of("quantity") is None
    orders = shipped("mall").pages["my_orders"]
    assert orders.list_of("details") is orders.places["orders"]
    assert orders.place("nowhere") is None


def test_templates() -> None:
    fill = next(visit.step for visit in shipped("mall").walk("fill_order") if "address" in str(visit.step))
    template = dict(fill.items)["address"]  # type: ignore[union-attr]
    assert template.parts == (ValueName("receiver.town"), ValueName("receiver.detail"))
    assert template.only == ""
    assert template.text({"receiver.town": "东湖街道", "receiver.detail": "1号"}) == "东湖街道1号"
    assert grammar.template("<line.product>", 1).only == "line.product"
    assert str(grammar.template("已拍 <order.remark>!", 1)) == "已拍 <order.remark>!"


def test_walk_knows_the_page_of_each_step() -> None:
    site = shipped("mall")
    visits = site.walk("fill_order")
    assert visits[-1].pages == ("confirm",)
    assert [visit.pages for visit in visits if visit.in_lines] == [("order_form",)] * 6
    assert sum(isinstance(visit.step, ForEachLine) for visit in visits) == 1
    assert site.starts_on("submit_order") == ("confirm",)
    first = site.walk("submit_order")[0]
    assert isinstance(first.step, Commit) and first.step.browser_asks == "确定提交吗" and first.pages == ("confirm",)
    assert site.ends_on("submit_order") == ("thank_you",)
    assert shipped("doudian").ends_on("log_in") == ("home",)
    assert [page.name for page in site.touches("read_order")] == ["my_orders", "order_detail"]


def test_guesses() -> None:
    site = shipped("mall")
    text = (SELECTORS / "mall.yaml").read_text(encoding="utf-8").splitlines()
    for line in site.guesses():
        assert "# guess" in text[line - 1]
    assert len(site.guesses()) == sum("  # guess" in line for line in text)
    signed_in_as = next(number for number, line in enumerate(text, 1) if line.startswith("signed_in_as"))
    address = next(number for number, line in enumerate(text, 1) if "open_at: /daifa" in line)
    assert site.guesses("log_in") == (signed_in_as,)
    assert address in site.guesses("fill_order") and address not in site.guesses("read_order")


def test_an_edit_of_the_flow_or_its_places_changes_the_hash(tmp_path: Path) -> None:
    before = shipped("mall").flow_hash("fill_order")
    assert edited(tmp_path, "mall", ("button=下一步", "button=继续")).flow_hash("fill_order") != before
    assert edited(tmp_path, "mall", ("- press: Tab", "- press: Enter")).flow_hash("fill_order") != before


def test_the_address_and_its_host_count_in_the_hash(tmp_path: Path) -> None:
    before = shipped("mall").flow_hash("read_order")
    address = "open_at: /user.php?act=order_list"
    two = ("hosts: {main: https://mall.example}", "hosts: {main: https://mall.example, orders: https://orders.mall.example}")
    assert edited(tmp_path, "mall", two).flow_hash("read_order") == before
    assert edited(tmp_path, "mall", two, (address, f"host: orders\n    {address}")).flow_hash("read_order") != before
    assert edited(tmp_path, "mall", (address, address + "&of=<account.shows>")).flow_hash("read_order") != before


def test_an_edit_elsewhere_leaves_the_hash(tmp_path: Path) -> None:
    before = shipped("mall")
    after = edited(
        tmp_path,
        "mall",
        ("site_version: 1", "# a comment more\nsite_version: 1"),
        ("button=添加                       # guess", "button=添加"),
        ("link=查看", "link=看"),
    )
    assert after.flow_hash("fill_order") == before.flow_hash("fill_order")
    assert after.flow_hash("read_order") != before.flow_hash("read_order")


def test_a_table_of_words_counts_where_it_is_used(tmp_path: Path) -> None:
    after = edited(tmp_path, "mall", ("picked_up: 已揽收", "picked_up: 揽收"))
    assert after.flow_hash("read_order") != shipped("mall").flow_hash("read_order")
    assert after.flow_hash("fill_order") == shipped("mall").flow_hash("fill_order")


def test_a_word_in_quotes_may_hold_a_comma(tmp_path: Path) -> None:
    site = edited(
        tmp_path,
        "mall",
        ("placed: [待发货, 配货中]", 'placed: "待发货, 配货中"'),
        ("completed: 已完成", "completed: ['好了；']"),
    )
    assert (site.words["order_states"]["placed"], site.words["order_states"]["completed"]) == (("待发货, 配货中",), ("好了；",))


def test_a_shop_that_does_not_show_the_kinds_says_so(tmp_path: Path) -> None:
    edits = (
        ("    order_kind:\n      find: beside=订单类型                          # guess\n      words: order_kinds\n", ""),
        (
            "- read: [order_number, order_kind, ",
            "- read: [order_number, ",
        ),
    )
    with pytest.raises(Problems, match="does not read order_kind"):
        edited(tmp_path, "doudian", *edits)
    lacking = edited(tmp_path, "doudian", ("kind: shop\n", "kind: shop\nlacks: [order_kind]\n"), *edits)
    assert lacking.lacks == ("order_kind",)


def test_what_a_site_lacks_need_not_be_read(tmp_path: Path) -> None:
    edits = (("      reference: column=外部单号\n", ""),)
    with pytest.raises(Problems, match="lacks reference"):
        edited(tmp_path, "mall", *edits)
    assert edited(tmp_path, "mall", ("lacks: []", "lacks: [reference]"), *edits).lacks == ("reference",)


def test_a_supplier_may_merge_orders_and_a_shop_may_not(tmp_path: Path) -> None:
    merges = ("lacks: []\n", "lacks: []\nmerges_orders: yes\n")
    assert (shipped("mall").merges_orders, edited(tmp_path, "mall", merges).merges_orders) == (False, True)
    with pytest.raises(Problems, match="only a supplier merges"):
        edited(tmp_path, "doudian", ("kind: shop\n", "kind: shop\nmerges_orders: yes\n"))
    with pytest.raises(Problems, match="`merges_orders` cannot be `often`"):
        edited(tmp_path, "mall", ("lacks: []\n", "lacks: []\nmerges_orders: often\n"))


def test_every_mistake_at_once(tmp_path: Path) -> None:
    edits = (
        ("kind: supplier", "kind: suplier"),
        ("log_in: button=登录", "log_in: buton=登录"),
        ("- click: add_line", "- clik: add_line"),
        ("money_moves_at: month_end", "money_moves: month_end"),
    )
    with pytest.raises(Problems) as caught:
        edited(tmp_path, "mall", *edits)
    told = [str(problem) for problem in caught.value.problems]
    words = ("suplier", "money_moves`", "buton", "clik")
    assert [word in text for word, text in zip(words, told, strict=True)] == [True] * 4, told


BASKET = (
    "      nothing_found: text=还没有添加商品         # guess\n",
    "      nothing_found: text=还没有添加商品\n      remove: link=删除\n",
)
ORDERS = ("    - expect: my_orders\n    - read: [orders]\n", "    - clear: orders\n      where: {reference: <line.product>}\n")
QUANTITY = "        - fill: {quantity: <line.quantity>}\n"
FILL = ("    - choose: {province: <receiver.province>}\n", "    - clear: basket\n      where: {product: <line.product>}\n")


def test_clear_is_read(tmp_path: Path) -> None:
    site = edited(
        tmp_path,
        "mall",
        BASKET,
        (FILL[0], FILL[1] + "      browser_asks: 确定删除吗\n      do:\n        - press: Tab\n" + FILL[0]),
    )
    (step,) = [visit.step for visit in site.walk("fill_order") if isinstance(visit.step, Clear)]
    assert step.rows == "basket" and step.browser_asks == "确定删除吗" and len(step.steps) == 1
    assert "link=删除" in map(str, site.uses("fill_order"))


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([(FILL[0], FILL[1] + FILL[0])], "nothing says how a row of `basket` is taken out"),
        ([BASKET, (FILL[0], FILL[1].replace("<line.product>", "A1") + FILL[0])], "which rows of `basket` are ours"),
        ([BASKET, (FILL[0], "    - clear: basket\n" + FILL[0])], "which rows of `basket` are ours"),
        ([BASKET, (FILL[0], FILL[1].replace("product:", "prodct:") + FILL[0])], "Did you mean `product`"),
        ([BASKET, ("        - press: Tab\n", "        - clear: basket\n          where: {product: <line.product>}\n")], "not inside another"),
        ([("    - click: next\n    - expect: confirm\n", "    - clear: phone\n      where: {product: <line.product>}\n")], "`phone` is no list"),
        ([ORDERS], "in `fill_order` only"),
        ([("      next_page: link=下一页\n", "      next_page: link=下一页\n      remove: link=删除\n"),
          ORDERS], "one page of `orders`"),
        ([(QUANTITY, QUANTITY + "          where: {product: <line.product>}\n")],
         "is in no list"),
        ([("    - click: next\n", "    - tick: basket\n    - click: next\n")], "`basket` is a list"),
    ],
)  # fmt: skip
def test_what_acts_in_rows_is_checked(tmp_path: Path, edits: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(Problems) as caught:
        edited(tmp_path, "mall", *edits)
    assert any(told in str(problem) for problem in caught.value.problems), list(map(str, caught.value.problems))


def test_manners_of_config() -> None:
    assert manners_of({"pause": "1-2 s"}).pause == (1.0, 2.0)
    with pytest.raises(ValueError, match="Did you mean `pause`"):
        manners_of({"pauze": "1-2 s"})


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_has_every_word_of_the_grammar(readme: str) -> None:
    text = (SELECTORS / readme).read_text(encoding="utf-8")
    ours = (*SiteForm.model_fields, *WAYS, *grammar.RESERVED, *steps.VERBS, *steps.COMPANIONS)
    missing = [word for word in ours if f"`{word}" not in text and word not in ("pages", "flows")]
    assert missing == []
    assert [value for value in VALUES if f"<{value}>" not in text] == []
    sentences = [line for line in text.splitlines() if len(line) > 400]
    assert sentences == []


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ((("for_each: first_axis", "for_each: first_axes"),), "Did you mean `first_axis`"),
        ((("for_each: first_axis", "for_each: title"),), "`title` is no place of this page with `options`"),
        ((("      specification: css=.item-label\n", ""),), "`for_each` needs a `specification`"),
    ],
)
def test_for_each_is_checked(tmp_path: Path, edits: tuple[tuple[str, str], ...], told: str) -> None:
    with pytest.raises(Problems) as caught:
        edited(tmp_path, "1688", *edits)
    assert any(told in str(problem) for problem in caught.value.problems), list(map(str, caught.value.problems))


def test_what_a_list_is_read_for_each_of_is_used() -> None:
    assert "css=button.sku-filter-button" in map(str, shipped("1688").uses("read_product"))


def test_a_list_that_is_a_file_has_columns_alone(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        edited(tmp_path, "mall", ("      rows: css=table#orders tbody tr\n", "      download: button=导出\n"))
    told = [str(problem) for problem in caught.value.problems]
    for word in ("nothing_found", "next_page", "row_count"):
        assert any(f"`{word}` means nothing beside `download`" in one for one in told), told
    assert any("`details` is no column of a file" in one for one in told), told
    assert any(
        "`details` is a file, and a file can only be read. Write read: [orders]" in one.replace("\n", " ") for one in told
    ), told


def test_a_word_that_a_later_version_learns_undoes_nothing_that_was_proved() -> None:
    old = make_dataclass("Place", [("name", str), ("line", int)])
    new = make_dataclass("Place", [("name", str), ("line", int), ("learned", str, ""), ("more", tuple, ())])
    assert sha256_of([old("total", 3)]) == sha256_of([new("total", 9)])
    assert sha256_of([old("total", 3)]) != sha256_of([new("total", 3, "beside")])
    assert sha256_of(Tick("agreed", True, (), 3)) != sha256_of(Tick("agreed", False, (), 3))
