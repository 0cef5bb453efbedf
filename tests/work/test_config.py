"""config.yaml held against the site files that its accounts name."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.config import Config, read_config
from agent.home import Home
from agent.sites.document import Problems

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
