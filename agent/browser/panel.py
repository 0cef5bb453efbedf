"""A small panel over the page for the person who looks on, and a frame around what the step is about.

Everything is drawn over the page, not into it: the frame is a box of its own and the element keeps its style, so that a page that
watches or rewrites it shows the same as without. Only while a person is waited for: `show`, then `pressed` until something
was, then `hide`. It goes with its page: then `pressed` says "" and another `show` draws it again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import ElementHandle

from agent.browser.find import still
from agent.browser.stage import Stage
from agent.errors import SiteUnavailable


@dataclass(frozen=True, slots=True)
class Button:
    """What `pressed` says when it was clicked, and the words on it."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class PanelText:
    """What the panel says. `place`: the words on the frame around the element. The first button is the one that stands out."""

    title: str
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    place: str = ""


def show(stage: Stage, text: PanelText, element: ElementHandle | None = None) -> bool:
    """Draw the panel in place of the former one, and frame the element. Says whether it stands: a page on the move takes none."""
    return bool(_ask(stage, "panelOn", element=element, **asdict(text)))


def show_beside(stage: Stage, title: str, lines: tuple[str, ...]) -> None:
    """Draw the panel with nothing to press, where there is a window and a page in it; without words take it away."""
    if not stage.visible or stage.tab is None:
        return
    if title:
        show(stage, PanelText(title, lines))
    else:
        hide(stage)


def pressed(stage: Stage) -> str:
    """The key of the button that was clicked last since the last look; "" where none was, or where the panel went with its page."""
    return str(_ask(stage, "panelPressed") or "")


def stands(stage: Stage) -> bool:
    """Whether the panel is there."""
    return bool(_ask(stage, "panelStands"))


def hide(stage: Stage) -> None:
    """Take away all that is drawn over the page."""
    _ask(stage, "takeAway")


def _ask(stage: Stage, verb: str, **request: Any) -> Any:
    """The answer; None where the page is on the move or closed, and with it what was drawn on it."""
    try:
        return still(lambda _ms: stage.finder.ask(stage.here, verb, **request), 0)
    except SiteUnavailable:
        return None
