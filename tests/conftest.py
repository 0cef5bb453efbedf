"""The browser of pytest-playwright is the one that the program itself would take."""

from __future__ import annotations

from typing import Any

import pytest

from agent.browser.launch import BrowserChoice, find_browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole runs of the program first: they take longest."""
    items.sort(key=lambda item: "road" not in item.path.parts)


@pytest.fixture(scope="session")
def choice() -> BrowserChoice:
    return find_browser(None)


@pytest.fixture(scope="session")
def browser_type_launch_args(choice: BrowserChoice) -> dict[str, Any]:
    return {"executable_path": choice.executable, "channel": choice.channel, "args": list(choice.args)}
