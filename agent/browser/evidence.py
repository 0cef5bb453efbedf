"""Pictures of what stood on the page: small JPEGs of what is in view, readable by their owner only."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loguru import logger
from playwright.sync_api import ElementHandle, Page
from playwright.sync_api import Error as PlaywrightError

from agent.models import SHANGHAI

QUALITY = 60
PATIENCE = 3_000  # milliseconds; a page that is just going elsewhere gives no picture


def _now() -> datetime:
    return datetime.now(SHANGHAI)


@dataclass(frozen=True)
class Evidence:
    """The pictures of one account, in a folder of their own."""

    folder: Path
    account: str
    now: Callable[[], datetime] = _now

    def picture(self, tab: Page, name: str) -> Path:
        """Take what is in view. Raises Playwright's error when the tab is gone, OSError where it cannot be kept."""
        return self._kept(tab.screenshot(type="jpeg", quality=QUALITY, timeout=PATIENCE), name, "jpg")

    def asked_for(self, tab: Page, name: str) -> Path:
        """The same for who can do without it: raises OSError also where the page gives none, as one that waits for its fonts."""
        try:
            return self.picture(tab, name)
        except PlaywrightError as error:
            raise OSError(errno.EIO, error.message.partition("\n")[0]) from None

    def of_element(self, element: ElementHandle, name: str) -> Path:
        """Take one thing of the page, without loss: a person's camera has to read it. Raises as `picture` does."""
        return self._kept(element.screenshot(type="png", timeout=PATIENCE), name, "png")

    def _kept(self, shot: bytes, name: str, ending: str) -> Path:
        folder = self.folder / self.account
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{self.now():%Y%m%d-%H%M%S-%f}-{_plain(name)}.{ending}"
        _put(path, shot)
        return path

    def newest(self, tab: Page, name: str) -> Path:
        """The same, in place of the one of this name that was taken before: its picture and what stood beside it are gone."""
        taken = self.picture(tab, name)
        path = self.path_of_newest(name)
        path.with_suffix(".txt").unlink(missing_ok=True)
        os.replace(taken, path)
        return path

    def path_of_newest(self, name: str) -> Path:
        return self.folder / self.account / f"{_plain(name)}.jpg"

    def text_beside(self, picture: Path, text: str) -> Path:
        """What the page says, in words, beside its picture. Raises OSError where it cannot be kept."""
        path = picture.with_suffix(".txt")
        _put(path, text.encode())
        return path

    def if_possible(self, tab: Page | None, name: str) -> Path | None:
        """The same where a picture is wished for but must not hide what went wrong before it."""
        if tab is None or tab.is_closed():
            return None
        try:
            return self.picture(tab, name)
        except OSError as error:
            logger.bind(account=self.account).warning("{}: a picture could not be kept: {}", self.account, error)
        except PlaywrightError:
            pass
        return None


def _put(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)  # half of it shows nothing
        raise


def _plain(name: str) -> str:
    """A file name out of anything: what a site says never makes a path."""
    return re.sub(r"[^0-9A-Za-z_.-]+", "_", name)[:60].strip("._") or "page"
