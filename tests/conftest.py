"""The browser of pytest-playwright is the one that the program itself would take. Long tests run only when asked for."""

from __future__ import annotations

from typing import Any

import pytest

from agent.browser.launch import BrowserChoice, find_browser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long tests too: every day of faults, killed at every point")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The whole runs of the program first: they take longest."""
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: "road" not in item.path.parts)


@pytest.fixture(scope="session")
def choice() -> BrowserChoice:
    return find_browser(None)


@pytest.fixture(scope="session")
def browser_type_launch_args(choice: BrowserChoice) -> dict[str, Any]:
    return {"executable_path": choice.executable, "channel": choice.channel, "args": list(choice.args)}
