"""How a page looked when all of it was last as its file says: a picture, and where each thing stood in it. Only the newest is kept.

Whoever looks for what a page has lost sees it there, and what it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle
from playwright.sync_api import Error as PlaywrightError

from agent.browser.evidence import Evidence
from agent.browser.find import still
from agent.browser.forms import target_form
from agent.browser.stage import Stage
from agent.errors import AgentError
from agent.sites.definition import ListPlace

# What stands at a control: its label or the words on it, never what was typed into it.
_WORDS = "e => (e.labels?.[0]?.innerText || (e.matches('input, select, textarea') ? '' : e.innerText) || e.placeholder || '')"
LONGEST = 40  # letters of them


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one thing stood in the picture, in pixels from its left and top, and the words there ("" for none)."""

    left: int
    top: int
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class LastLook:
    """The picture, None where it could not be kept, and the spots by name."""

    picture: Path | None = None
    spots: Mapping[str, Spot] = field(default_factory=dict)


def keep(stage: Stage, evidence: Evidence, page: str) -> None:
    """Keep how the page that stands there looks, in place of what was kept of it before. That it cannot be kept stops nothing."""
    with suppress(AgentError, PlaywrightError, OSError):
        spots = {name: asdict(spot) for name, spot in _spots(stage)}
        picture = evidence.newest(stage.here, _name(page))
        evidence.text_beside(picture, json.dumps(spots, ensure_ascii=False))


def kept(evidence: Evidence, page: str) -> LastLook:
    """What was kept of a page last; an empty one where that is nothing that can be read."""
    picture = evidence.path_of_newest(_name(page))
    try:
        told: dict[str, Any] = json.loads(picture.with_suffix(".txt").read_text(encoding="utf-8"))
        spots = {name: Spot(**spot) for name, spot in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        spots = {}
    return LastLook(picture if picture.exists() else None, spots)


def _name(page: str) -> str:
    return f"last-{page}"


def _spots(stage: Stage) -> Iterator[tuple[str, Spot]]:
    """Those of the page's own places that stand there once."""
    for name, place in (stage.page.places if stage.page else {}).items():
        if isinstance(place, ListPlace) or not place.find:
            continue
        target = target_form(stage.page, place)
        found = still(lambda _ms, target=target: stage.finder.take(stage.here, "one", target=target, patience=0), 0)  # type: ignore[misc]
        box = found.bounding_box() if isinstance(found, ElementHandle) else None
        if isinstance(found, ElementHandle) and box:
            words = " ".join(str(found.evaluate(_WORDS)).split())[:LONGEST]
            yield name, Spot(round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"]), words)
