"""config.yaml held against the site files that its accounts name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.config import Config, Fees, read_config
from agent.home import Home
from agent.models import DueRule, Fen, Percent
from agent.sites.document import Problem, Problems
from tests.meta.source import ROOT
from tests.road.cancelling import SITE, UNABLE

BELOW = "shops: {}\nsuppliers: {}\nlimits: {most_orders_per_day: 1, most_money_per_day: 1.00}\n"


def told(folder: Path, accounts: str, below: str = BELOW) -> Config:
    home = Home(folder)
    home.config.write_text(f"accounts:\n{accounts}{below}", encoding="utf-8")
    return read_config(home)


def refused(folder: Path, accounts: str) -> list[tuple[int, str, str]]:
    with pytest.raises(Problems) as found:
        told(folder, accounts)
    return [(problem.line, problem.what, problem.suggestion) for problem in found.value.problems]


def test_a_host_that_the_site_does_not_have_is_told_with_its_line_and_the_known_names(tmp_path: Path) -> None:
    accounts = (
        '  first: {site: "1688", hosts: {detail: "http://127.0.0.1:1"}}\n'
        '  all:\n    site: "1688"\n    hosts:\n      main: "http://127.0.0.1:1"\n      details: "http://127.0.0.1:2"\n'
    )
    ((line, what, advice),) = refused(tmp_path, accounts)
    assert line == 7
    assert "1688" in what and "details" in what
    assert "main, login, detail, cart, order" in advice


def test_hosts_of_a_site_that_is_not_there_are_not_told_beside_it(tmp_path: Path) -> None:
    ((line, what, _advice),) = refused(tmp_path, '  all: {site: nowhere, hosts: {main: "http://127.0.0.1:1"}}\n')
    assert line == 2 and "nowhere" in what


# which browser an account runs in


def test_the_account_says_which_browser_else_its_site(tmp_path: Path) -> None:
    accounts = (
        '  theirs: {site: "1688"}\n  plain: {site: "1688", browser: shared}\n  mall: {site: mall}\n'
        "  mine: {site: mall, browser: own_chrome}\n"
    )
    config = told(tmp_path, accounts)
    assert [name for name in config.accounts if config.has_own_chrome(name)] == ["theirs", "mine"]


def test_a_browser_that_is_none_is_told_with_those_there_are(tmp_path: Path) -> None:
    ((line, what, advice),) = refused(tmp_path, "  mall: {site: mall, browser: own_chrom}\n")
    assert line == 2 and "own_chrom" in what and "own_chrome" in advice


@pytest.mark.parametrize(("name", "is_told"), [("../mall", True), ("a b", True), ("1688", False), ("小林-1", False)])
def test_a_name_that_is_no_folder_of_its_own_has_no_profile(tmp_path: Path, name: str, is_told: bool) -> None:
    accounts = f'  "{name}": {{site: mall, browser: own_chrome}}\n'
    if is_told:
        ((line, what, _advice),) = refused(tmp_path, accounts)
        assert line == 2 and name in what
    else:
        assert told(tmp_path, accounts).has_own_chrome(name)
    assert told(tmp_path, accounts.replace("own_chrome", "shared")).accounts


def test_two_accounts_never_share_a_folder(tmp_path: Path) -> None:
    accounts = "  Mall: {site: mall, browser: own_chrome}\n  mall: {site: mall, browser: own_chrome}\n"
    ((line, what, _advice),) = refused(tmp_path, accounts)
    assert line == 3 and "Mall" in what


# limits

MALL = "  mall: {site: mall}\n"
SUPPLIER = "    account: mall\n    most_per_order: 300.00\n    most_per_day: 3000.00\n"


def with_limits(supplier: str = "", limits: str = "") -> str:
    own = f"    {supplier}\n" if supplier else ""
    day = "limits:\n  most_orders_per_day: 1\n  most_money_per_day: 1.00\n" + (f"  {limits}\n" if limits else "")
    return f"shops: {{}}\nsuppliers:\n  yiwu:\n{SUPPLIER}{own}{day}"


def test_limits_that_are_not_told_are_what_the_readme_says(tmp_path: Path) -> None:
    config = told(tmp_path, MALL, with_limits())
    supplier = config.suppliers["yiwu"]
    assert (supplier.most_orders_per_day, supplier.most_per_product_per_hour) == (None, 30)
    assert (config.limits.stop_after_unknown, config.limits.stop_after_page_changed) == (2, 3)


def test_limits_that_are_told(tmp_path: Path) -> None:
    config = told(tmp_path, MALL, with_limits("most_orders_per_day: 0", "stop_after_unknown: 1"))
    assert (config.suppliers["yiwu"].most_orders_per_day, config.limits.stop_after_unknown) == (0, 1)


@pytest.mark.parametrize(
    ("supplier", "limits", "line"),
    [
        ("most_orders_per_day: -1", "", 9),
        ("most_orders_per_day: many", "", 9),
        ("most_per_product_per_hour: 0", "", 9),
        ("most_per_product_per_hour: 1.5", "", 9),
        ("most_per_products_per_hour: 5", "", 9),
        ("", "stop_after_unknown: 0", 12),
        ("", "stop_after_page_changed: 0", 12),
        ("", "stop_after_page_changed: never", 12),
    ],
)
def test_a_limit_that_is_none_is_told_with_its_line(tmp_path: Path, supplier: str, limits: str, line: int) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_limits(supplier, limits))
    (problem,) = found.value.problems
    assert (problem.file.name, problem.line) == ("config.yaml", line)


@pytest.mark.parametrize("word", ["never", "ask", "refunded", "always"])
def test_what_is_cancelled_by_itself_needs_a_flow_for_it(tmp_path: Path, word: str) -> None:
    folder = tmp_path / "selectors"
    folder.mkdir()
    (folder / "small.yaml").write_text(SITE, encoding="utf-8")
    account, below = "  mall: {site: small}\n", with_limits(f"cancel: {word}")
    if word == "always":
        assert [problem.line for problem in problems(tmp_path, account, below)] == [9]
        return
    assert told(tmp_path, account, below).suppliers["yiwu"].cancel == word
    (folder / "small.yaml").write_text(UNABLE, encoding="utf-8")
    if word != "refunded":
        assert told(tmp_path, account, below)
        return
    (problem,) = problems(tmp_path, account, below)
    assert (problem.file.name, problem.line) == ("config.yaml", 9)
    assert "cancel_order" in problem.what and "cancel: ask" in problem.suggestion


def problems(folder: Path, accounts: str, below: str) -> tuple[Problem, ...]:
    with pytest.raises(Problems) as found:
        told(folder, accounts, below)
    return found.value.problems


# credit terms


@pytest.mark.parametrize(
    ("words", "limit", "due"),
    [
        ("{limit: 20000.00, due: day 25 of next month}", 2_000_000, DueRule("next_month", 25)),
        ('{limit: "20,000", due: 30 days after month end}', 2_000_000, DueRule("month_end", 30)),
        ("{limit: ¥0.50, due: 1 day after receipt}", 50, DueRule("receipt", 1)),
        ("{limit: １２元, due: 45 days after order}", 1_200, DueRule("order", 45)),
        ("{limit: 0, due: 0 days after order}", 0, DueRule("order", 0)),
    ],
)
def test_credit_terms_in_the_sellers_words(tmp_path: Path, words: str, limit: int, due: DueRule) -> None:
    credit = told(tmp_path, MALL, with_limits(f"credit: {words}")).suppliers["yiwu"].credit
    assert credit and (credit.limit, credit.due) == (limit, due)


def test_without_credit_terms_there_are_none(tmp_path: Path) -> None:
    assert told(tmp_path, MALL, with_limits()).suppliers["yiwu"].credit is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("{limit: 20000.00, due: monthly 25}", "write it as one of: `day 25 of next month`"),
        ("{limit: 20000.00, due: day 32 of next month}", "day 32 of next month"),
        ("{limit: 20000.00, due: 30 days after dispatch}", "30 days after receipt"),
        ("{limit: 20000.00, due: 400 days after order}", "400 days after order"),
        ("{limit: 20000.00}", "`due` is missing"),
        ("{due: 45 days after order}", "`limit` is missing"),
        ("{limit: much, due: 45 days after order}", "much"),
        ("{limit: -1, due: 45 days after order}", "below zero"),
        ("{limit: 20000 USD, due: 45 days after order}", "not in yuan"),
        ("{limit: 20000.001, due: 45 days after order}", "20000.001"),
        ("{limit: 20000.00, dew: 45 days after order}", "dew"),
        ("20000.00", "credit"),
        ("[20000.00]", "credit"),
    ],
)
def test_credit_terms_that_are_none_are_told_with_line_and_what_to_write(tmp_path: Path, words: str, says: str) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_limits(f"credit: {words}"))
    assert {(problem.file.name, problem.line) for problem in found.value.problems} == {("config.yaml", 9)}
    assert any(says in str(problem) for problem in found.value.problems), found.value.problems


def test_a_due_date_from_the_receipt_needs_a_site_that_shows_it(tmp_path: Path) -> None:
    shipped = (ROOT / "selectors" / "mall.yaml").read_text(encoding="utf-8")
    (tmp_path / "selectors").mkdir()
    (tmp_path / "selectors" / "mall.yaml").write_text(shipped.replace("completed: 已完成", "completed: []"), encoding="utf-8")
    assert told(tmp_path, MALL, with_limits("credit: {limit: 1.00, due: 30 days after order}"))
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_limits("credit: {limit: 1.00, due: 30 days after receipt}"))
    (problem,) = found.value.problems
    assert problem.line == 9
    assert "never shows that an order was received" in problem.what and "`completed`" in problem.suggestion


# fees, margin, freight

SHOP = "    account: mall\n    products: products.csv\n"


def with_shop(line: str = "", supplier: str = "") -> str:
    own = f"    {line}\n" if line else ""
    return with_limits(supplier).replace("shops: {}\n", f"shops:\n  xiaolin:\n{SHOP}{own}")


def test_without_a_word_nothing_is_taken_and_nothing_is_asked_for(tmp_path: Path) -> None:
    config = told(tmp_path, MALL, with_shop())
    shop, supplier = config.shops["xiaolin"], config.suppliers["yiwu"]
    assert (shop.fees, shop.least_margin) == (Fees(), None)
    assert (supplier.price_tolerance, supplier.most_freight, supplier.freight_by_region) == (None, None, {})


@pytest.mark.parametrize(
    ("line", "fees"),
    [
        ("fees: {service: 0.6%, commission: 5%, insurance: 0.30, fixed: 0.50}", (6_000, 50_000, 30, 50)),
        ("fees: {service: ０．６％, fixed: ¥1}", (6_000, 0, 0, 100)),
        ("fees: {commission: 100%}", (0, 1_000_000, 0, 0)),
        ("fees: {insurance: １２元}", (0, 0, 1_200, 0)),
    ],
)
def test_fees_in_the_sellers_words(tmp_path: Path, line: str, fees: tuple[int, ...]) -> None:
    found = told(tmp_path, MALL, with_shop(line)).shops["xiaolin"].fees
    assert (found.service.millionths, found.commission.millionths, found.insurance, found.fixed) == fees


@pytest.mark.parametrize(
    ("line", "least"), [("least_margin: 2.00", Fen(200)), ("least_margin: 5%", Percent(50_000)), ("least_margin: 5", Fen(500))]
)
def test_a_least_margin_is_yuan_or_a_percentage(tmp_path: Path, line: str, least: object) -> None:
    assert told(tmp_path, MALL, with_shop(line)).shops["xiaolin"].least_margin == least


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("fees: {service: 5}", "write 5% if that is meant"),
        ("fees: {service: 100.01%}", "more than 100%"),
        ("fees: {commission: -1%}", "below zero"),
        ("fees: {commission: {}}", "names no source; write one rate"),
        ("fees: {commission: {达人: }}", "nothing is written"),
        ("fees: {commission: {达人: 20}}", "write 20% if that is meant"),
        ("fees: {commission: {达人: 2.00元, other: 5%}}", "no percentage"),
        ("fees: {commission: {达人: 100.01%}}", "more than 100%"),
        ("fees: {commission: {达人: -1%}}", "below zero"),
        ("fees: {commission: {达人: [20%]}}", "no percentage"),
        ("fees: {commission: {达人: {other: 20%}}}", "no percentage"),
        ("fees: {commission: {达人: 20%, 达人: 10%}}", "stands here a second time"),
        ("fees: {commission: {LIVE: 20%, Ｌｉｖｅ: 10%}}", "`LIVE` and `Ｌｉｖｅ` are the same words; keep one of them"),
        ('fees: {commission: {"": 20%}}', "a source needs a name"),
        ("fees: {service: {达人: 20%}}", "no percentage"),
        ("fees: {commission: [5%]}", "no percentage"),
        ("fees: {commission: }", "nothing is written"),
        ("fees: {insurance: 0.6%}", "no amount"),
        ("fees: {insurance: -0.30}", "below zero"),
        ("fees: {fixed: 0.305}", "more than two decimals"),
        ("fees: {fixed: 50分}", "no amount"),
        ("fees: {fixed: $0.50}", "not in yuan"),
        ("fees: {fixed: }", "nothing is written"),
        ("fees: {fix: 0.50}", "fix"),
        ("fees: 5%", "fees"),
        ("least_margin: 101%", "more than 100%"),
        ("least_margin: -2.00", "below zero"),
        ("least_margin: 2 USD", "not in yuan"),
        ("least_margin: 1.2万", "no amount"),
        ("least_margin: much", "no amount"),
        ("least_margin: [2.00]", "neither an amount nor a percentage"),
        ("least_margin: ", "nothing is written"),
    ],
)
def test_fees_and_margins_that_are_none_are_told_with_their_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_shop(line))
    assert {(problem.file.name, problem.line) for problem in found.value.problems} == {("config.yaml", 7)}
    assert any(says in str(problem) for problem in found.value.problems), found.value.problems


# a commission by the source of an order

AT_THE_SHOP = MALL + "  mine: {site: doudian}\n"


def by_source(line: str) -> str:
    return with_shop(line).replace("    account: mall\n    products", "    account: mine\n    products")


@pytest.mark.parametrize(
    "words", ["{达人: 20%, 直播: ０％, other: 5%}", "\n        达人: 20%\n        直播: 0%\n        other: 5%"]
)
def test_a_commission_may_depend_on_where_the_order_came_from(tmp_path: Path, words: str) -> None:
    fees = told(tmp_path, AT_THE_SHOP, by_source(f"fees:\n      commission: {words}")).shops["xiaolin"].fees
    rates = {source: fees.commission_of(source) for source in ("达人", "达 人", "直播", "短视频", "")}
    five = Percent(50_000)
    assert rates == {"达人": Percent(200_000), "达 人": Percent(200_000), "直播": Percent(0), "短视频": five, "": None}


def test_without_another_rate_only_what_is_named_has_one(tmp_path: Path) -> None:
    fees = told(tmp_path, AT_THE_SHOP, by_source("fees: {commission: {达人: 20%}}")).shops["xiaolin"].fees
    assert (fees.commission_of("达人"), fees.commission_of("短视频"), fees.commission_of("")) == (Percent(200_000), None, None)
    plain = told(tmp_path, AT_THE_SHOP, by_source("fees: {commission: 5%}")).shops["xiaolin"].fees
    assert {plain.commission_of(source) for source in ("达人", "")} == {Percent(50_000)}


def test_each_rate_is_told_with_its_own_line(tmp_path: Path) -> None:
    lines = "fees:\n      commission:\n        达人: 20%\n        直播: 10\n        other: 101%"
    with pytest.raises(Problems) as found:
        told(tmp_path, AT_THE_SHOP, by_source(lines))
    assert [problem.line for problem in found.value.problems] == [11, 12]


def test_a_commission_by_source_needs_a_site_that_shows_it(tmp_path: Path) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_shop("fees:\n      commission: {达人: 20%, other: 5%}"))
    (problem,) = found.value.problems
    assert problem.line == 8 and "`mall` reads no `source`" in problem.what
    assert "Add `source` to the `read`" in problem.suggestion and "one rate" in problem.suggestion
    assert told(tmp_path, MALL, with_shop("fees: {commission: 5%}"))


def test_limits_of_freight_and_of_a_changed_price(tmp_path: Path) -> None:
    words = 'most_freight: 8.00\n    freight_by_region: {新疆: 25.00, 西藏: "¥1,030"}\n    price_tolerance: 5%'
    supplier = told(tmp_path, MALL, with_limits(words)).suppliers["yiwu"]
    assert (supplier.most_freight, supplier.freight_by_region) == (800, {"新疆": 2_500, "西藏": 103_000})
    assert supplier.price_tolerance == Percent(50_000)
    assert told(tmp_path, MALL, with_limits("price_tolerance: 0.50")).suppliers["yiwu"].price_tolerance == 50


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("most_freight: -1", "below zero"),
        ("most_freight: 5%", "no amount"),
        ("most_freight: free", "no amount"),
        ("freight_by_region: {新疆: 25.00}", "none for all others"),
        ("freight_by_region: {新疆: 1,025.00}", "nothing is written after `025.00`"),
        ("freight_by_region: {新疆: 25 HKD}", "not in yuan"),
        ("freight_by_region: 25.00", "freight_by_region"),
        ("price_tolerance: 200%", "more than 100%"),
        ("price_tolerance: -0.50", "below zero"),
        ("most_per_order_: 5", "most_per_order_"),
    ],
)
def test_limits_of_freight_that_are_none_are_told_with_their_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, with_limits(line))
    assert {(problem.file.name, problem.line) for problem in found.value.problems} == {("config.yaml", 9)}
    assert any(says in str(problem) for problem in found.value.problems), found.value.problems


@pytest.mark.parametrize("amount", ["-300.00", "300 USD", "300.005", "三百", "3万", "30000分", "", "1,2345"])
@pytest.mark.parametrize("word", ["most_per_order", "most_per_day"])
def test_an_amount_that_is_none_is_told_with_its_line(tmp_path: Path, word: str, amount: str) -> None:
    below = re.sub(rf"{word}: \S+", f"{word}: {amount}", with_limits())
    with pytest.raises(Problems) as found:
        told(tmp_path, MALL, below)
    (problem,) = found.value.problems
    assert (problem.file.name, problem.line) == ("config.yaml", {"most_per_order": 7, "most_per_day": 8}[word])
    assert not amount or amount in problem.what


# addresses that messages go to

TOKEN = "token-4711"


@pytest.mark.parametrize(
    ("notify", "says"),
    [
        (f"notify: [json://127.0.0.1:9, nothing://{TOKEN}]\n", "address 2"),
        (f"notify: [{TOKEN}]\n", "address 1"),
        (f"notify:\n  - nothing://{TOKEN}: x\n", "address 1"),
        (f"notify: json://127.0.0.1:9/{TOKEN}\n", "needs a list"),
        (f"notify: {{phone: json://127.0.0.1:9/{TOKEN}}}\n", "needs a list"),
        (f"notyfi: [json://127.0.0.1:9/{TOKEN}]\n", "not a word known here"),
    ],
)
def test_a_bad_address_is_told_with_its_line_and_never_quoted(tmp_path: Path, notify: str, says: str) -> None:
    with pytest.raises(Problems) as found:
        told(tmp_path, "  mall: {site: mall}\n", BELOW + notify)
    (problem,) = found.value.problems
    assert (problem.file.name, problem.line) == ("config.yaml", 6)
    assert says in problem.what
    assert TOKEN not in str(problem) + str(found.value) + "".join(found.value.lines())


def test_check_and_a_run_tell_a_bad_address_with_its_line_and_never_quote_it(tmp_path: Path) -> None:
    Home(tmp_path).config.write_text(f"accounts: {{}}\n{BELOW}notify:\n  - nothing://{TOKEN}\n", encoding="utf-8")
    for typed in (["check"], ["run", "--once"], ["doctor"]):
        done = subprocess.run(
            [sys.executable, "-m", "agent", "--home", str(tmp_path), "--language", "en", *typed],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
            timeout=120,
            check=False,
        )
        assert done.returncode == 2
        said = done.stdout + done.stderr
        assert "address 1 of `notify:`" in said and TOKEN not in said
        assert re.search(r"config\.yaml(:5|, line 5)", said), said
    assert not [path for path in tmp_path.rglob("*.log") if TOKEN in path.read_text(encoding="utf-8")]


# the regions of a supplier


@pytest.mark.parametrize("word", ["新疆", "新疆维吾尔自治区", "内蒙", "河", "香港", "北京市", "台湾省"])
@pytest.mark.parametrize("rule", ["regions_refused: [{}]", "most_freight: 8.00\n    freight_by_region: {{{}: 25.00}}"])
def test_a_region_is_the_beginning_of_a_province(tmp_path: Path, word: str, rule: str) -> None:
    assert told(tmp_path, MALL, with_limits(rule.format(word)))


@pytest.mark.parametrize("word", ["港澳台", "新疆省", "偏远地区", "三沙", '""', "Xinjiang"])
def test_a_region_with_which_no_province_begins_is_told_with_those_there_are(tmp_path: Path, word: str) -> None:
    plain = word.strip('"')
    refused, dear = (
        f"regions_refused:\n      - 西藏\n      - {word}",
        f"most_freight: 8.00\n    freight_by_region: {{{word}: 25.00}}",
    )
    for rule, line in ((refused, 11), (dear, 10)):
        (problem,) = problems(tmp_path, MALL, with_limits(rule))
        assert (problem.file.name, problem.line) == ("config.yaml", line)
        assert f"`{plain}`" in problem.what
        assert "香港, 澳门, 台湾" in problem.suggestion if plain == "港澳台" else "新疆" in problem.suggestion


def test_each_region_that_is_none_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, MALL, with_limits("regions_refused: [港澳台, 新疆, 三沙]"))
    assert [word in problem.what for problem, word in zip(found, ("港澳台", "三沙"), strict=True)] == [True, True]
