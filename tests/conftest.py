"""The browser of pytest-playwright is the one that the program itself would take."""

from __future__ import annotations

from typing import Any

import pytest

from agent.browser.launch import BrowserChoice, find_browser


@pytest.fixture(scope="session")
def choice() -> BrowserChoice:
    return find_browser(None)


@pytest.fixture(scope="session")
def browser_type_launch_args(choice: BrowserChoice) -> dict[str, Any]:
    return {"executable_path": choice.executable, "channel": choice.channel, "args": list(choice.args)}
