"""`pay:` in config.yaml held against the site file of its account: where paying an order by itself could not be seen it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.meta.source import ROOT
from tests.work.test_config import MALL, problems, told, with_limits

PAY = "payee: 义乌小商品贸易商行\n    pay: "
TERMS = "\n    credit: {limit: 20000.00, due: 30 days after month end}"


def paid_singly(folder: Path) -> None:
    """The seller's own site file of the mall, where each order is paid by itself."""
    shipped = (ROOT / "selectors" / "mall.yaml").read_text(encoding="utf-8")
    (folder / "selectors").mkdir()
    (folder / "selectors" / "mall.yaml").write_text(
        shipped.replace("money_moves_at: month_end", "money_moves_at: pay"), encoding="utf-8"
    )


@pytest.mark.parametrize("pay", ["[balance]", "[outside]", "[outside, balance]"])
def test_where_the_money_moves_at_the_months_end_no_order_is_paid(tmp_path: Path, pay: str) -> None:
    below = with_limits(PAY + pay)
    (problem,) = problems(tmp_path, MALL, below)
    assert (problem.file.name, problem.line) == ("config.yaml", 10)
    assert "`mall`" in problem.what and "`yiwu`" in problem.what and "`money_moves_at: pay`" in problem.suggestion
    paid_singly(tmp_path)
    assert told(tmp_path, MALL, below).suppliers["yiwu"].pay


@pytest.mark.parametrize("pay", ["[outside]", "[balance]", "[]"])
def test_what_is_owed_on_terms_may_be_paid_there(tmp_path: Path, pay: str) -> None:
    assert told(tmp_path, MALL, with_limits(PAY + pay + TERMS)).suppliers["yiwu"].credit


def test_nothing_is_asked_of_whom_a_person_pays(tmp_path: Path) -> None:
    assert told(tmp_path, MALL, with_limits()).suppliers["yiwu"].pay == ()


def test_what_is_put_on_the_sites_own_credit_may_be_billed_by_the_month(tmp_path: Path) -> None:
    shipped = (ROOT / "selectors" / "1688.yaml").read_text(encoding="utf-8")
    (tmp_path / "selectors").mkdir()
    monthly = shipped.replace("money_moves_at: pay", "money_moves_at: month_end")
    (tmp_path / "selectors" / "1688.yaml").write_text(monthly, encoding="utf-8")
    account, about = '  mall: {site: "1688"}\n', "seller: 衣尚服饰\n    note: 单号 <reference>\n    pay: "
    assert told(tmp_path, account, with_limits(f"{about}[credit]{TERMS}")).suppliers["yiwu"].credit
    assert [problem.line for problem in problems(tmp_path, account, with_limits(f"{about}[qr]"))] == [11]


def test_where_no_page_shows_whether_an_order_is_paid_none_is(tmp_path: Path) -> None:
    shipped = (ROOT / "selectors" / "examples" / "cartridge.yaml").read_text(encoding="utf-8")
    (tmp_path / "selectors").mkdir()
    singly = shipped.replace("money_moves_at: month_end", "money_moves_at: pay")
    (tmp_path / "selectors" / "cartridge.yaml").write_text(singly, encoding="utf-8")
    account = "  mall: {site: cartridge}\n"
    (problem,) = problems(tmp_path, account, with_limits(f"{PAY}[outside]"))
    assert "`cartridge` never shows whether an order is paid" in problem.what and "`state`" in problem.suggestion
    assert told(tmp_path, account, with_limits()).suppliers["yiwu"].pay == ()
