"""What goes on around a page: requests under way, dialogs it raised, tabs it opened.

Only notes; it decides nothing but how a dialog is answered: OK once if its words were named beforehand, else dismissed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError

from agent.models import RequestNote
from agent.sites.values import squeeze

# What a page waits for before it shows something new. Pictures and fonts change no words; sockets and streams never end.
_COUNTED = frozenset({"document", "xhr", "fetch", "script"})
_ASKED = _COUNTED - {"script"}  # what brings a page its words
_TAKEN_BACK = "net::ERR_ABORTED"  # by the page itself, or because it went on to another one


@dataclass(frozen=True)
class Unanswered:
    """A request for a page or for data that brought nothing, and why: the browser's word for it, or a status."""

    address: str
    why: str


@dataclass
class Traffic:
    """The traffic of one browser context, from `watch` on."""

    pending: dict[Request, int] = field(default_factory=dict)
    dialogs: list[str] = field(default_factory=list)
    tabs: list[Page] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # hosts that are none of the site's and were not gone to
    fault: int = 0  # the status of a page that came as an error since the act began
    unanswered: list[Unanswered] = field(default_factory=list)  # since the last page was opened, or the last thing clicked
    notes: list[RequestNote] | None = None
    overheard: list[RequestNote] | None = None  # the same, while a person may touch the page
    armed: str = ""
    asked_again: bool = False  # the dialog that was answered with OK came a second time
    _agreed: str = ""
    _act: int = 0

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._left)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("dialog", self._asked)
        context.on("page", self._opened)

    def begin(self) -> None:
        """An act of ours begins: what left before it is not waited for, what was said before it is not its answer."""
        self._act += 1
        self.dialogs.clear()
        self.tabs.clear()
        self.refused.clear()
        self.fault = 0

    def busy(self, writes_only: bool = False) -> bool:
        """Whether a request that left since the act began is still under way."""
        return any(act == self._act and not (writes_only and one.method == "GET") for one, act in self.pending.items())

    def arm(self, words: str) -> None:
        """From here on the first dialog that says `words` is answered with OK, and every request that leaves is noted."""
        self.armed, self.notes = words, []
        self.asked_again, self._agreed = False, ""

    def disarm(self) -> None:
        self.armed, self.notes = "", None

    def forget(self) -> None:
        """The pages are closed: nothing of theirs is under way any more."""
        self.pending.clear()
        self.tabs.clear()

    def _opened(self, tab: Page) -> None:
        self.tabs.append(tab)
        tab.on("websocket", lambda socket: socket.on("framesent", lambda _frame: self._note("WS", socket.url)))

    def _note(self, method: str, address: str) -> None:
        parts = urlsplit(address)
        for notes in (self.notes, self.overheard):
            if notes is not None:
                notes.append(RequestNote(method, parts.netloc, parts.path))

    def _left(self, request: Request) -> None:
        self._note(request.method, request.url)
        if request.resource_type in _COUNTED:
            self.pending[request] = self._act

    def _ended(self, request: Request) -> None:
        self.pending.pop(request, None)

    def _failed(self, request: Request) -> None:
        self._ended(request)
        if _TAKEN_BACK not in (request.failure or ""):
            self._note_unanswered(request, request.failure or "")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or response.status == 429:
            self.fault = response.status if _brings_a_page(response.request) else self.fault
            self._note_unanswered(response.request, str(response.status))

    def _note_unanswered(self, request: Request, why: str) -> None:
        if request.resource_type in _ASKED:
            self.unanswered.append(Unanswered(request.url, why))

    def _asked(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # only ever raised by an `open` of ours
            dialog.accept()
            return
        self.dialogs.append(dialog.message)
        if self.armed and _says(dialog.message, self.armed):
            self.armed, self._agreed = "", self.armed  # one click agrees to one thing
            dialog.accept()
            return
        self.asked_again |= bool(self._agreed) and dialog.type != "alert" and _says(dialog.message, self._agreed)
        dialog.dismiss()


def _brings_a_page(request: Request) -> bool:
    """Whether it is for a tab's own page, not for a frame in one: that may be somebody else's."""
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except PlaywrightError:  # so early only where a tab has no page yet
        return True


def _says(text: str, words: str) -> bool:
    """Whether a dialog says the words, as a person reads them; `*` stands for anything."""
    pattern = ".*".join(re.escape(squeeze(part)) for part in words.split("*"))
    return re.fullmatch(pattern, squeeze(text), re.DOTALL) is not None
