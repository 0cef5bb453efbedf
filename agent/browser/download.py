"""A list that the site gives as a file: fetched by one click, and read as the table that it is.

What the file holds is put into an empty page as a plain table, so that it is found there by the same locators as any list.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Download
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser.find import GRACE, said
from agent.browser.forms import list_form, target_form
from agent.browser.reach import click_on
from agent.browser.stage import Stage
from agent.errors import PageChanged, PageLost
from agent.sites.definition import ListPlace, Locator, Place
from agent.sites.sheet import Cells, cells_of
from agent.sites.values import NotUnderstood, squeeze
from agent.words import _

ROWS = "tbody tr"
LOOK = 100.0  # milliseconds between two looks at how far a file has come
TOLD = 5.0  # seconds after which a file is one that the browser tells nothing of: it is waited for as Playwright does


@dataclass  # not frozen: Playwright leaves a mark on who listens
class _Progress:
    """How far the file of a list has come, as the browser tells it: Playwright waits for its end however long that takes."""

    state: str = "inProgress"
    received: int = -1  # bytes
    at: float = field(default_factory=time.monotonic)  # when the last of them came

    @contextmanager
    def follow(self, stage: Stage) -> Iterator[None]:
        """Hear of what comes to this page, to its frames, and to a tab that it opens."""
        with suppress(PlaywrightError):  # a frame that goes away meanwhile
            for session in stage.sessions(stage.here):
                self._hear(session)
        stage.context.on("page", self._hear_tab)
        try:
            yield
        finally:
            stage.context.remove_listener("page", self._hear_tab)

    def _hear_tab(self, tab: Tab) -> None:
        with suppress(PlaywrightError):  # it closed itself at once
            self._hear(tab.context.new_cdp_session(tab))

    def _hear(self, session: CDPSession) -> None:
        session.on("Page.downloadProgress", self._told)
        with suppress(PlaywrightError):  # a frame of somebody else's that hangs
            session.send("Page.enable", timeout=GRACE)

    def _told(self, told: Mapping[str, Any]) -> None:
        self.state = told["state"]
        if told["receivedBytes"] > self.received:
            self.received, self.at = told["receivedBytes"], time.monotonic()

    def goes_on(self) -> bool:
        """Whether it is known to be on its way."""
        return self.state == "inProgress" and (self.received >= 0 or not self.stalled(TOLD))

    def stalled(self, seconds: float) -> bool:
        return time.monotonic() - self.at > seconds


def shown_in_file(stage: Stage, place: ListPlace) -> tuple[ListPlace, dict[str, Any]]:
    """The list as a table, and what is read of it. Raises PageChanged where no such file comes, PageLost where it breaks off."""
    name, raw = _fetched(stage, place)
    try:
        cells = cells_of(raw)
    except NotUnderstood as why:
        raise PageChanged(
            _("The file {name} of the list {list} cannot be read: {why}").format(name=name, list=place.name, why=why)
        ) from why
    table = replace(place, rows=(Locator("css", ROWS, place.line),), download=())
    stage.blank.set_content(_page_of(cells, _head(name, cells, place)))
    try:
        wish = {"scope": [], "places": [], "lists": [list_form(table)], "held": []}
        answer = stage.finder.ask(stage.blank, "read", wish=wish, patience=stage.patience.page * 1000)
    finally:
        stage.blank.goto("about:blank")
    return table, answer["lists"][place.name]


def _fetched(stage: Stage, place: ListPlace) -> tuple[str, bytes]:
    button = Place(f"{place.name}.download", place.download, place.line)
    progress = _Progress()
    try:
        with progress.follow(stage):
            with stage.here.expect_download(timeout=stage.patience.page * 1000) as coming:
                click_on(stage, target_form(stage.page, button), button)
            return _kept(stage, coming.value, progress)
    except PlaywrightTimeout as error:
        stage.look_around()
        raise PageChanged(_("No file came from {}").format(said(button.name, button.find))) from error


def _kept(stage: Stage, download: Download, progress: _Progress) -> tuple[str, bytes]:
    name = download.suggested_filename
    progress.at = time.monotonic()
    try:
        while progress.goes_on():
            if progress.stalled(stage.patience.page):
                download.cancel()
                raise PageLost(
                    _("The file {name} did not come whole: nothing more of it came for {seconds:g} s").format(
                        name=name, seconds=stage.patience.page
                    )
                )
            stage.blank.wait_for_timeout(LOOK)  # for the browser to tell how far it is: its events come meanwhile
        return name, Path(download.path()).read_bytes()
    except PlaywrightError as error:
        raise PageLost(_("The file {name} did not come whole: {why}").format(name=name, why=error.message)) from error
    finally:
        with suppress(PlaywrightError):  # of one that broke off there is nothing
            download.delete()


def _head(name: str, cells: Cells, place: ListPlace) -> int:
    """The row of the headings: the first that says all that are asked for. Raises PageChanged with the headings there are."""
    wanted = [one.words for column in place.places.values() for one in column.find[:1] if one.way == "column"]
    lacking = [[words for words in wanted if not any(_says(cell, words) for cell in row)] for row in cells]
    if [] in lacking:
        return lacking.index([])
    best = min(range(len(cells)), key=lambda at: len(lacking[at]), default=None)
    if best is None:
        raise PageChanged(_("The file {name} of the list {list} is empty").format(name=name, list=place.name))
    raise PageChanged(
        _("The file {name} has no column {missing}; its columns are: {columns}").format(
            name=name, missing=", ".join(lacking[best]), columns=", ".join(filter(None, cells[best]))
        )
    )


def _says(cell: str, words: str) -> bool:
    pattern = ".*".join(map(re.escape, squeeze(words).split("*")))
    return re.fullmatch(pattern, squeeze(cell).strip(":*"), re.DOTALL) is not None


def _page_of(cells: Cells, head: int) -> str:
    width = max(map(len, cells))

    def line(tag: str, row: list[str]) -> str:
        padded = row + [""] * (width - len(row))
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in padded)

    rows = "".join(line("td", row) for row in cells[head + 1 :])
    return f"<table><thead>{line('th', cells[head])}</thead><tbody>{rows}</tbody></table>"
