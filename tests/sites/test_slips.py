"""What people mistype, and what they are told: a slip in a shipped file → the line, and words that say what to do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from agent.sites.definition import WAYS
from agent.sites.document import Problem, Problems
from agent.sites.reader import read_site
from agent.sites.steps import VERBS

MALL = (Path(__file__).parents[2] / "selectors" / "mall.yaml").read_text(encoding="utf-8")


class Slip(NamedTuple):
    name: str
    old: str
    new: str
    line: str  # a piece of the line that is told
    told: str  # a piece of what is told, suggestion included


SLIPS = (
    # the YAML itself
    Slip("tab", "    here_if: button=登录", "\there_if: button=登录", "\there_if", "a tab stands in this line"),
    Slip("full_width_colon", "    log_in: button=登录", "    log_in： button=登录", "log_in：", "full-width colon"),
    Slip("full_width_colon_chinese", "  验证码: PersonNeeded", "  验证码：PersonNeeded", "验证码：", "full-width colon"),
    Slip("no_blank_after_colon", "    log_in: button=登录", "    log_in:button=登录", "log_in:button", "the blank after `log_in:`"),
    Slip("no_blank_after_dash", "    - click: log_in", "    -click: log_in", "-click", "the blank after `-`"),
    Slip("full_width_dash", "    - click: log_in", "    － click: log_in", "－ click", "dash"),
    Slip("full_width_blank", "    log_in: button=登录", "\u3000\u3000log_in: button=登录", "log_in: button=登录", "full-width or invisible"),
    Slip("full_width_quotes", 'part: "总计{}个记录"', "part: “总计{}个记录”", "“总计", "full-width quotes"),
    Slip("full_width_comma", "placed: [待发货, 配货中]", "placed: [待发货，配货中]", "待发货，配货中", "full-width comma"),
    Slip("full_width_hash", "css=#user_name                   # guess", "css=#user_name  ＃ guess", "＃ guess", "begins no comment"),
    Slip("cut_by_hash", "rows: css=table#orders tbody tr", "rows: css=table #orders tr", "table #orders", "one blank and a #"),
    Slip("all_cut_by_hash", "phone: css=input[name=mobile]", "phone: #mobile", "phone: #mobile", "one blank and a #"),
    Slip("nothing_written", "    log_in: button=登录", "    log_in:", "    log_in:", "nothing is written after `log_in`"),
    Slip("doubled_key", "    password: label=密码", "    user_name: label=密码", "user_name: label=密码", "a second time"),
    Slip("doubled_page", "  account:\n", "  login:\n", "  login:\n    open_at: /user.php\n", "a second time"),
    Slip("begins_with_star", "reference: label=外部单号", "reference: *外部单号", "*外部单号", "may not begin with"),
    Slip("anchor", "reference: label=外部单号", "reference: &r label=外部单号", "&r", "may not begin with &"),
    Slip("tag", "reference: label=外部单号", "reference: !x label=外部单号", "!x", "may not begin with !"),
    Slip("begins_with_percent", "name: 小商城", "name: %小商城", "%小商城", "may not begin with this character"),
    Slip("open_quote", 'part: "总计{}个记录"', 'part: "总计{}个记录', '"总计', "never closed"),
    Slip("open_bracket", "lacks: []", "lacks: [reference", "lacks: [", "bracket"),
    Slip("second_colon", 'part: "总计{}个记录"', "part: 总计: {}个", "总计: {}个", "a second colon"),
    Slip("too_far_right", "    password: label=密码", "      password: label=密码", "password: label", "too far to the right"),
    Slip("too_far_left", "    password: label=密码", "   password: label=密码", "   password", "too far to the left"),
    Slip("colon_forgotten", "    log_in: button=登录", "    log_in button=登录", "log_in button", "a colon is missing"),
    Slip("document_line", "site_version: 1", "---\nsite_version: 1", "---", "Delete this line"),
    # words of ours
    Slip("top_word", "in_the_way:", "in_the_wey:", "in_the_wey", "Did you mean `in_the_way`?"),
    Slip("kind", "kind: supplier", "kind: suplier", "suplier", "Did you mean `supplier`?"),
    Slip("version", "site_version: 1", "site_version: 2", "site_version", "`site_version` cannot be `2`"),
    Slip("duration", "settle: 20 s", "settle: 20", "settle: 20", "write it like 20 s"),
    Slip("limit_word", "settle: 20 s", "setle: 20 s", "setle", "Did you mean `settle`?"),
    Slip("missing_top_word", "name: 小商城\n", "", "site_version", "`name` is missing"),
    Slip("file_name", "site: mall", "site: moll", "site: moll", "Write `site: mall`"),
    Slip("host", "https://mall.example}", "http://mall.example}", "hosts:", "Write https://"),
    Slip("money", "money_moves_at: month_end", "money_moves_at: months_end", "months_end", "Did you mean `month_end`?"),
    Slip("lacks", "lacks: []", "lacks: [referenc]", "lacks:", "Did you mean `reference`?"),
    Slip("meaning", "库存不足: SiteRefused", "库存不足: SiteRefuse", "SiteRefuse\n", "Did you mean `SiteRefused`?"),
    Slip("state", "picked_up: 已揽收", "picked: 已揽收", "picked: 已揽收", "Did you mean `picked_up`?"),
    Slip("state_missing", "    completed: 已完成\n", "", "order_states:\n    unpaid", "`completed` is missing"),
    Slip("state_twice", "completed: 已完成", "completed: 已发货", "shipped: 已发货", "more than one of our words"),
    Slip("words_without_brackets", "placed: [待发货, 配货中]", "placed: 待发货, 配货中", "placed:", "Write [待发货, 配货中]"),
    Slip("words_without_brackets_full_width", "placed: [待发货, 配货中]", "placed: 待发货，配货中；备货", "placed:",
         "Write [待发货, 配货中, 备货]"),
    Slip("words_with_semicolon", "placed: [待发货, 配货中]", "placed: [待发货;配货中]", "placed:", "Write [待发货, 配货中]"),
    Slip("words_below_in_one_line", "placed: [待发货, 配货中]", "placed:\n      - 待付\n      - 待发货、配货中", "      - 待发货、",
         "each after a dash"),
    Slip("table", "words: order_states\n      details", "words: order_state\n      details", "words: order_state\n", "`order_states`?"),
    # places
    Slip("way", "log_in: button=登录", "log_in: buton=登录", "buton", "Did you mean `button`?"),
    Slip("no_way", "log_in: button=登录", "log_in: 登录", "log_in: 登录", "button=登录"),
    Slip("bare_css", "receiver_name: css=input[name=consignee]", "receiver_name: input[name=consignee]", "consignee", "write css="),
    Slip("blanks_around", "log_in: button=登录", "log_in: button = 登录", "button = 登录", "write `button=登录`"),
    Slip("full_width_equals", "log_in: button=登录", "log_in: button＝登录", "button＝登录", "write `button=登录`"),
    Slip("open_selector", "css=input[name=mobile]", "css=input[name=mobile", "name=mobile", "not closed"),
    Slip("foreign_selector", "css=#user_name ", "css=a:has-text(我) ", "has-text", "is no css"),
    Slip("part_unquoted", 'part: "总计{}个记录"', "part: 总计{}个记录", "part: 总计", "always stands in quotes"),
    Slip("part_without_braces", 'part: "总计{}个记录"', 'part: "总计个记录"', "part:", "must hold {} exactly once"),
    Slip("part_word", 'part: "总计{}个记录"', 'part: "总计{totl}个记录"', "part:", "one thing is read here"),
    Slip("part_words_touch", 'part: "总计{}个记录"', 'part: "总计{total}{freight}"', "part:", "something between every two"),
    Slip("part_word_misspelt", "    freight: beside=运费\n    discount: beside=优惠\n    total: beside=应付总额\n    place_order",
         "    freight:\n      find: beside=运费\n      part: \"{frieght}元\"\n    discount: beside=优惠\n    total: beside=应付总额\n"
         "    place_order", "part: ", "Did you mean `freight`?"),
    Slip("list_word", "      next_page: link=下一页", "      next_pge: link=下一页", "next_pge", "Did you mean `next_page`?"),
    Slip("page_word", "open_at: /user.php\n    here_if", "open_at: /user.php\n    here_iff", "here_iff", "Did you mean `here_if`?"),
    Slip("place_word", "        find: css=#pager ", "        fnd: css=#pager ", "row_count:", "Did you mean `find`?"),
    Slip("open_at", "open_at: /user.php\n", "open_at: user.php\n", "open_at: user.php", "It begins with a /."),
    Slip("open_at_value", "open_at: /user.php\n", "open_at: /user.php?no=<purchase_order.referenc>\n", "open_at: /user.php?no",
         "Did you mean `purchase_order.reference`?"),
    Slip("open_at_private", "open_at: /user.php\n", "open_at: /user.php?to=<receiver.name>\n", "open_at: /user.php?to",
         "never stands in an address"),
    Slip("open_at_not_given", "open_at: /user.php?act=order_list\n", "open_at: /user.php?act=order_list&no=<purchase_order.reference>\n",
         "- open: my_orders\n    - click: all_orders\n    - expect: my_orders\n    - read: [orders]\n\n  find_order",
         "is not given to `list_orders`"),
    Slip("open_at_outside", "open_at: /daifa.php?act=new ", "open_at: /daifa.php?act=<line.product> ", "- open: order_form",
         "outside `for_each_line`"),
    Slip("host", "    open_at: /user.php\n", "    open_at: /user.php\n    host: mian\n", "host: mian", "Did you mean `main`?"),
    Slip("yes_or_no", "before_sign_in: yes", "before_sign_in: ja", "before_sign_in", "Write yes or no."),
    Slip("place_at_page_level", "    log_in: button=登录", "  log_in: button=登录", "  log_in: button", "Then indent it"),
    Slip("column_outside", "freight: beside=运费", "freight: column=运费", "freight: column", "only inside a list"),
    Slip("no_table", "      state:\n        find: column=订单状态\n        words: order_states", "      state: column=订单状态",
         "state: column", "needs `words: order_states`"),
    Slip("braces", "      state:\n        find: column=订单状态\n        words: order_states",
         "      state: {find: column=订单状态, words: order_states}", "state: {", "one-line braces"),
    Slip("locators_in_brackets", "here_if: heading=我的订单", "here_if: [heading=我的订单, text=订单]", "here_if: [", "one a line"),
    Slip("column_misspelt", "title: column=商品\n      product: column=货号\n      specification: column=规格\n      unit_price: column=单价\n"
         "      quantity: column=数量\n    goods_total: beside=商品总价\n    freight: beside=运费\n    discount: beside=优惠\n"
         "    total: beside=应付总额\n    place_order",
         "titel: column=商品\n      product: column=货号\n      specification: column=规格\n      unit_price: column=单价\n"
         "      quantity: column=数量\n    goods_total: beside=商品总价\n    freight: beside=运费\n    discount: beside=优惠\n"
         "    total: beside=应付总额\n    place_order", "titel", "Did you mean `title`?"),
    # flows
    Slip("verb", "    - click: log_in", "    - clik: log_in", "clik", "Did you mean `click`?"),
    Slip("two_verbs", "    - click: log_in\n    - expect: account", "    - click: log_in\n      expect: account", "expect: account",
         "stand in one step"),
    Slip("where_with_dash", "      where: {supplier_order", "    - where: {supplier_order", "- where", "belongs to the step above"),
    Slip("place_name", "- click: add_line", "- click: add_lin", "add_lin\n", "Did you mean `add_line`?"),
    Slip("page_name", "- open: order_form", "- open: order_from", "order_from", "Did you mean `order_form`?"),
    Slip("no_address", "- open: my_orders\n    - click", "- open: confirm\n    - click", "- open: confirm", "no address to open"),
    Slip("value", "<receiver.name>", "<receiver.nmae>", "nmae", "Did you mean `receiver.name`?"),
    Slip("value_braces", "<receiver.name>", "{receiver.name}", "{receiver.name}", "Did you mean <receiver.name>?"),
    Slip("value_full_width", "<receiver.name>", "＜receiver.name＞", "＜receiver", "write <receiver.name>"),
    Slip("value_open", "<receiver.name>", "<receiver.name", "<receiver.name\n", "no partner"),
    Slip("value_not_given", "<line.product>}\n        - press", "<order.remark>}\n        - press", "order.remark", "is not given"),
    Slip("line_outside", "phone: <receiver.phone>", "phone: <line.product>", "phone: <line", "outside `for_each_line`"),
    Slip("key", "where: {product: <line", "where: {prodct: <line", "prodct", "Did you mean `product`?"),
    Slip("no_where", "\n      where: {supplier_order_number: <purchase_order.supplier_order_number>}", "", "- click: details",
         "nothing says in which"),
    Slip("flow_name", "  find_order:", "  find_ordr:", "find_ordr", "Did you mean `find_order`?"),
    Slip("not_read", "goods_total, freight, discount, total]\n\n  submit", "goods_total, freight, discount]\n\n  submit", "  fill_order:",
         "does not read total"),
    Slip("commit_as_click", "    - commit: place_order\n      browser_asks: 确定提交吗", "    - click: place_order", "  submit_order:",
         "has no `commit`"),
    Slip("two_commits", "    - expect: thank_you\n", "    - commit: place_order\n    - expect: thank_you\n",
         "- commit: place_order\n    - expect", "a second `commit` stands in `submit_order`"),
    Slip("dash_forgotten", "    - open: login\n    - done_if: account\n", "    open: login\n    - done_if: account\n", "    open: login",
         "a dash is missing before `open: login`"),
    Slip("dash_forgotten_later", "    - click: log_in\n", "    click: log_in\n", "    click: log_in", "a dash is missing before `click: log_in`"),
    Slip("foreign_host", "open_at: /user.php\n", "open_at: https://elsewhere.example/user.php\n", "open_at: https", "It begins with a /."),
    Slip("commit_in_reading", "- click: all_orders", "- commit: all_orders", "- commit: all_orders", "only reads"),
    Slip("nothing_expected", "    - expect: thank_you\n    - read: [supplier_order_number]", "    - press: Tab", "- commit:",
         "Write - expect:"),
    Slip("expects_same_page", "- expect: thank_you", "- expect: confirm", "- expect: confirm\n    - read: [supplier_order_number]",
         "already here before"),
    Slip("open_in_submit", "    - commit: place_order", "    - open: my_orders\n    - commit: place_order", "- open: my_orders\n    - com",
         "goes on upon the page where `fill_order` ended"),
    Slip("key_small", "        - press: Tab", "        - press: tab", "press: tab", "Did you mean `Tab`?"),
    Slip("key_by_its_chinese_name", "        - press: Tab", "        - press: 回车", "press: 回车", "Did you mean `Enter`?"),
    Slip("key_by_its_short_name", "        - press: Tab", "        - press: ctrl+a", "press: ctrl", "Did you mean `Control+a`?"),
    Slip("key_unknown", "        - press: Tab", "        - press: 下一步", "press: 下一步", "Known here: "),
    Slip("key_without_a_key", "        - press: Tab", "        - press: Enter+Tab", "press: Enter", "`Enter+Tab` is no key"),
    Slip("companion", "browser_asks: 确定提交吗", "browser_ask: 确定提交吗", "browser_ask", "Did you mean `browser_asks`?"),
    Slip("no_steps", "    - open: login\n    - done_if: account\n", "    - open login\n    - done_if: account\n", "- open login", "no step"),
)  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_slip_is_told_once_with_its_line(slip: Slip, tmp_path: Path) -> None:
    text = _slipped(slip)
    problems = _problems(tmp_path, text)
    line = text[: text.index(slip.line)].count("\n") + 1 + (slip.line.startswith("\n"))
    fitting = [problem for problem in problems if problem.line == line and slip.told in str(problem)]
    assert fitting, "\n".join(map(str, problems))
    assert len(problems) == MORE.get(slip.name, 1), "\n".join(map(str, problems))


# Slips that break two promises at once; every other is told once.
MORE = {
    "two_commits": 2,
    "state_twice": 2,
    "place_at_page_level": 2,
    "no_address": 2,
    "expects_same_page": 2,
    "open_in_submit": 2,
}


def _slipped(slip: Slip) -> str:
    assert slip.old in MALL
    return MALL.replace(slip.old, slip.new, 1)


def _problems(folder: Path, text: str) -> tuple[Problem, ...]:
    path = folder / "mall.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_site(path)
    return caught.value.problems


@pytest.mark.parametrize("way", WAYS)
def test_every_way_mistyped_is_told(tmp_path: Path, way: str) -> None:
    (problem,) = _problems(tmp_path, MALL.replace("    log_in: button=登录", f"    log_in: {way}e=登录"))
    assert f"Did you mean `{way}`?" in str(problem), problem


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_mistyped_is_told(tmp_path: Path, verb: str) -> None:
    problems = _problems(tmp_path, MALL.replace("    - click: log_in", f"    - {verb}e: log_in"))
    assert f"Did you mean `{verb}`?" in str(problems[0]), problems
