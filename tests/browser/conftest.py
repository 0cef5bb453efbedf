"""One warm browser for all tests of this room; every test has a context, a site file and a small server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, Playwright

from agent.browser.account import Folders
from agent.browser.launch import BrowserChoice, launch
from agent.browser.session import SETTINGS, Session
from agent.browser.stage import Stage
from agent.browser.watching import Watcher
from agent.models import CommitFacts, CommitOutcome, Reading
from agent.sites.definition import Site
from agent.sites.reader import read_site
from tests.browser.idle import idle
from tests.browser.little import Little

TOP = """\
site_version: 1
site: little
name: 小站
kind: supplier
hosts: {main: https://little.example}
money_moves_at: submit
limits: {wait_for_page: 2 s, settle: 20 s}
"""


@pytest.fixture(scope="session")
def warm(playwright: Playwright, choice: BrowserChoice) -> Iterator[Browser]:
    browser = launch(playwright, choice)
    yield browser
    browser.close()


@pytest.fixture(scope="session", autouse=True)
def idle_one() -> Iterator[None]:
    """What test_idle.py asks to do nothing."""
    with idle():
        yield


@pytest.fixture(autouse=True)
def pages_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has all the time that a busy machine needs for it: the seconds of a site file are those of what stands on it."""
    goto = Page.goto
    monkeypatch.setattr(Page, "goto", lambda tab, url, **told: goto(tab, url, **{**told, "timeout": 60_000}))


@pytest.fixture
def little() -> Iterator[Little]:
    site = Little().start()
    yield site
    site.stop()


def site_of(folder: Path, text: str) -> Site:
    """A site of any flows at all: what the contract asks of a whole file is not asked here."""
    path = folder / "little.yaml"
    path.write_text(TOP + text, encoding="utf-8")
    with patch("agent.sites.reader.check_site", return_value=()):
        return read_site(path)


def account(
    little: Little,
    *,
    shows: str = "",
    wait_for_page: float | None = None,
    settle: float | None = None,
    hosts: Mapping[str, str] | None = None,
) -> Any:
    return SimpleNamespace(
        name="little-1",
        shows=shows,
        hosts={"main": little.address, **(hosts or {})},
        manners=None,
        browser=None,
        limits=SimpleNamespace(wait_for_page=wait_for_page, settle=settle),
    )


class WarmSession(Session):
    """A session in the browser that is running already."""

    warm: Browser

    @property
    def stage(self) -> Stage:
        if self._stage is None:
            self._stage = self._set_stage(self.warm.new_context(**SETTINGS, storage_state=self._kept_sign_in()))
        return self._stage


@dataclass
class Agent:
    """Plays flows against the little site, and keeps what a commit recorded."""

    session: Session
    recorded: list[CommitFacts] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.session.stage

    def play(self, flow: str, values: dict[str, Any] | None = None) -> Reading:
        return self.session.play(flow, values or {})

    def hurry(self, **seconds: float) -> None:
        """For what is waited for in vain: `page` or `settle`."""
        self.stage.patience = replace(self.stage.patience, **seconds)

    def commit(self, flow: str, values: dict[str, Any] | None = None) -> CommitOutcome:
        return self.session.commit(flow, values or {}, self.recorded.append)


@pytest.fixture
def agent_for(warm: Browser, choice: BrowserChoice, little: Little, tmp_path: Path) -> Iterator[Callable[..., Agent]]:
    """Makes the agent of a site file: `agent_for(yaml, shows=…, watch=…)`."""
    made: list[Session] = []

    def make(
        text: str,
        *,
        shows: str = "",
        watch: Watcher | None = None,
        secret: Callable[[str], str] = lambda name: f"the-{name}",
        **more: Any,
    ) -> Agent:
        folders = Folders(
            tmp_path / "sign-ins", tmp_path / "evidence", tmp_path / "profiles", tmp_path / "files", tmp_path / "steps"
        )
        session = WarmSession(
            account(little, shows=shows, **more),
            site_of(tmp_path, text),
            browser=choice,
            folder=folders,
            secret=secret,
            watch=watch,
        )
        session.warm = warm
        made.append(session)
        return Agent(session)

    yield make
    for session in made:
        session.close()
