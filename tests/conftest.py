"""Which browser the tests take, and that slow and long tests run only when asked for."""

from __future__ import annotations

import os
import platform
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from agent.browser.launch import BrowserChoice, find_browser, own_downloads

settings.register_profile("values", deadline=None)  # property tests judge values, not speed: a busy machine must not fail them
settings.load_profile("values")

# Chromium without a window: the same pages and events at half the CPU. It has no page for its network, so it cannot
# close idle connections; what that guard is for is tested in the whole browser.
SHELL = "chromium-headless-shell"  # Debian's; Playwright's own lies beside its whole one


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow",
        action="store_true",
        help="the slow tests too: the roads of the program from end to end, and the stand-in sites' own",
    )
    parser.addoption(
        "--long", action="store_true", help="the slow and the long tests too: every day of faults, killed at every point"
    )
    parser.addoption("--whole", action="store_true", help="all tests in the browser that the program itself would take")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes; runs with --slow, as in CI, and with --long")
    config.addinivalue_line("markers", "long: takes many minutes; runs with --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The whole runs of the program first: they take longest."""
    asked = {"long", "slow"} if config.getoption("--long") else {"slow"} if config.getoption("--slow") else set()
    left_out = [item for item in items if {"long", "slow"} & {mark.name for mark in item.iter_markers()} - asked]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: "road" not in item.path.parts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many seconds the tests of each part took, set-up and tear-down of theirs included."""
    parts: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                parts["/".join(report.nodeid.split("::")[0].split("/")[:2])] += report.duration
    if parts:
        told = sorted(parts.items(), key=lambda part: -part[1])
        terminalreporter.write_line("Seconds by part: " + " · ".join(f"{name} {seconds:.1f}" for name, seconds in told))


@pytest.fixture(scope="session")
def whole() -> BrowserChoice:
    """The browser that the program itself would take."""
    return find_browser(None)


@pytest.fixture(scope="session")
def choice(whole: BrowserChoice, pytestconfig: pytest.Config) -> BrowserChoice:
    """The quick one where there is one; the whole one with `--whole`."""
    shell = None if pytestconfig.getoption("--whole") else quick_browser(whole)
    return find_browser(shell) if shell else whole


def quick_browser(whole: BrowserChoice) -> str | None:
    """The executable of the browser without a window, of the same make as the whole one; None where there is none."""
    if whole.executable is not None:
        return shutil.which(SHELL)
    folders = own_downloads(platform.system(), os.environ, Path.home())
    shells = [folder.with_name(folder.name.replace("chromium-", "chromium_headless_shell-")) for folder in folders]
    found = [
        file for shell in shells if (shell / "INSTALLATION_COMPLETE").is_file() for file in shell.glob("*/*headless*shell*")
    ]
    return next((str(file) for file in found if os.access(file, os.X_OK)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(choice: BrowserChoice) -> dict[str, Any]:
    return {"executable_path": choice.executable, "channel": choice.channel, "args": list(choice.args)}
