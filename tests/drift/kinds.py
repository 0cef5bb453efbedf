"""The kinds of change that a release of a site brings, what each is done to, and the trials made of them.

A trial is one kind of change to one thing on one page, and what the program was to do there. Everything follows from the seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from tests.drift.places import SITES, Nature, Place, Site

SCRIPT = Path(__file__).with_name("mutate.js")


@dataclass(frozen=True)
class Kind:
    """A kind of change. `lies`: afterwards the page's own words say something else than what they stand for."""

    name: str
    natures: tuple[Nature, ...]
    needs_other: bool = False
    needs_row: bool = False
    lies: bool = False


WORDED: tuple[Nature, ...] = ("box", "pair", "button")
HELD: tuple[Nature, ...] = ("box", "hint", "button", "pair", "cell")

KINDS: tuple[Kind, ...] = (
    Kind("reworded", WORDED),
    Kind("words_taken", WORDED, needs_other=True, lies=True),
    Kind("hashed", HELD),
    Kind("moved", ("box", "hint", "cell"), needs_row=True),
    Kind("wrapped", HELD),
    Kind("doubled", HELD),
    Kind("hidden_twin", HELD),
    Kind("fields_swapped", ("box", "pair"), needs_other=True),
    Kind("labels_swapped", ("box", "pair"), needs_other=True, lies=True),
    Kind("placeholder", ("hint",)),
    Kind("placeholder_taken", ("hint",), lies=True),
    Kind("to_link", ("button",)),
    Kind("lookalike_blank", ("button",)),
    Kind("lookalike_other", ("button",)),
    Kind("columns_reordered", ("column",)),
    Kind("column_inserted", ("column",)),
    Kind("header_renamed", ("column",)),
    Kind("headers_swapped", ("column",), needs_other=True, lies=True),
    Kind("iframe", ("page",)),
    Kind("dialog_over", ("page",)),
)

TOLD: Mapping[str, str] = MappingProxyType(
    {
        "reworded": "label reworded",
        "words_taken": "label reworded, its old words given to the neighbour",
        "hashed": "ids and classes other ones",
        "moved": "moved elsewhere in the form",
        "wrapped": "wrapped in more boxes",
        "doubled": "a second one, visible",
        "hidden_twin": "a hidden twin before it",
        "fields_swapped": "order of two swapped, words and all",
        "labels_swapped": "words of two swapped",
        "placeholder": "placeholder changed",
        "placeholder_taken": "a new box has its placeholder",
        "to_link": "button turned into a link",
        "lookalike_blank": "look-alike button: same words and a blank",
        "lookalike_other": "look-alike button: same words, other action",
        "columns_reordered": "columns reordered",
        "column_inserted": "a column inserted",
        "header_renamed": "column header renamed",
        "headers_swapped": "headers of two columns swapped",
        "iframe": "the page put into a frame",
        "dialog_over": "a dialog over the page",
    }
)


@dataclass(frozen=True)
class Scene:
    """What the program does, by its name in plays.py, while one page of a site is another one."""

    site: Site
    play: str
    page: str


SCENES: tuple[Scene, ...] = (
    Scene("mall", "buy", "form"),
    Scene("mall", "buy", "confirm"),
    Scene("mall", "buy", "done"),
    Scene("mall", "look", "list"),
    Scene("mall", "proof", "detail"),
    Scene("mall", "parcels", "detail"),
    Scene("mall", "product", "product"),
    Scene("doudian", "list", "list"),
    Scene("doudian", "order", "list"),
    Scene("doudian", "order", "detail"),
    Scene("doudian", "note", "note"),
    Scene("doudian", "ship", "ship"),
    Scene("doudian", "parcels", "detail"),
    Scene("1688", "buy", "confirm"),
    Scene("1688", "buy", "address"),
    Scene("1688", "proof", "detail"),
    Scene("1688", "look", "list"),
)

# What of a page a scene has nothing to do with: changed or not, it says nothing about the program.
BESIDE: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("proof", "detail"): ("column 快递公司", "column 快递单号", "column 包裹商品", "column 包裹规格", "column 件数"),
        ("order", "detail"): ("carrier", "tracking_number"),
    }
)
ONLY: Mapping[tuple[Site, str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("mall", "parcels", "detail"): ("订单状态", "订单号", *BESIDE["proof", "detail"]),
        ("doudian", "parcels", "detail"): ("订单编号", "carrier", "tracking_number"),
        ("doudian", "order", "list"): ("number_searched", "search", "details", "order_number"),
    }
)


@dataclass(frozen=True)
class Trial:
    """One change, and what the program was to do."""

    scene: Scene
    place: str
    kind: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.scene.site} {self.scene.play}: {self.kind} at {self.place} ({self.scene.page}, {self.seed})"

    @property
    def script(self) -> str:
        """What the page runs."""
        page = SITES[self.scene.site][self.scene.page]
        place = page.place(self.place)
        other = asdict(page.place(place.other)) if place.other else None
        told = {
            "path": page.path,
            "posted": page.posted,
            "kind": self.kind,
            "seed": self.seed,
            "place": asdict(place),
            "other": other,
        }
        body = SCRIPT.read_text(encoding="utf-8")
        return f"(() => {{ const told = {json.dumps(told, ensure_ascii=False)};\n{body}\n}})();"


def _fits(kind: Kind, place: Place) -> bool:
    if place.nature not in kind.natures or (kind.needs_other and not place.other):
        return False
    return not kind.needs_row or bool(place.row)


def every(site: str = "") -> Iterator[tuple[Scene, str, str]]:
    """Every kind of change at everything that it can be done to."""
    for scene in SCENES:
        if site not in ("", scene.site):
            continue
        only, beside = ONLY.get((scene.site, scene.play, scene.page)), BESIDE.get((scene.play, scene.page), ())
        for place in SITES[scene.site][scene.page].places:
            if place.aside or place.name in beside or (only and place.name not in only):
                continue
            yield from ((scene, place.name, kind.name) for kind in KINDS if _fits(kind, place))


def planned(seed: int, site: str = "") -> list[Trial]:
    """Each of them once, each with a seed of its own; scene by scene."""
    chance = random.Random(seed)
    return [Trial(*one, chance.randrange(1_000)) for one in every(site)]


MOST = 2  # trials of one kind at one page, in the full benchmark
QUICK: tuple[str, ...] = ("mall", "doudian")


def full(seed: int, site: str = "") -> list[Trial]:
    """The full benchmark: of each kind at each page some, drawn by the seed."""
    chance = random.Random(seed)
    made: dict[tuple[Scene, str], list[Trial]] = {}
    for trial in planned(seed, site):
        made.setdefault((trial.scene, trial.kind), []).append(trial)
    return in_scenes(one for some in made.values() for one in chance.sample(some, min(len(some), MOST)))


def quick(seed: int, site: str = "") -> list[Trial]:
    """Each kind of change once, and those that make words lie twice, at what costs least time."""
    chance = random.Random(seed)
    made: dict[str, list[Trial]] = {}
    for trial in planned(seed, site):
        if site or trial.scene.site in QUICK:
            made.setdefault(trial.kind, []).append(trial)
    lying = {kind.name for kind in KINDS if kind.lies}
    return in_scenes(
        one for kind, some in made.items() for one in chance.sample(some, min(len(some), 2 if kind in lying else 1))
    )


def in_scenes(trials: Iterable[Trial]) -> list[Trial]:
    return sorted(trials, key=lambda one: SCENES.index(one.scene))


def counted(trials: Sequence[Trial]) -> str:
    places = {(one.scene.site, one.scene.page, one.place) for one in trials}
    return f"{len(trials)} trials: {len({one.kind for one in trials})} kinds of change, {len(places)} places on the pages"
