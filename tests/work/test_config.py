"""config.yaml held against the site files that its accounts name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.config import Config, read_config
from agent.home import Home
from agent.models import DueRule
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
