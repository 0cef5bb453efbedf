"""Choose until the choice stands: for the verb `choose`, and for reading what a page shows under each of its options."""

from __future__ import annotations

from agent.browser import controls
from agent.browser.find import still
from agent.browser.forms import Form, place_wish, target_form
from agent.browser.reach import take
from agent.browser.stage import Stage
from agent.errors import Mismatch
from agent.sites.definition import Place
from agent.sites.values import same_words
from agent.words import _

MOST_OPTIONS = 1000


def choose_one(stage: Stage, place: Place, spellings: tuple[str, ...]) -> str:
    """Choose what says exactly one of the spellings, best first; the words chosen. Raises Mismatch where it does not stay."""
    target = target_form(stage.page, place)
    for _try in range(controls.TRIES):
        stage.begin_act()
        element = None if place.options else take(stage, target, place.name, place)
        words = controls.choose(stage, target, element, spellings)
        stage.settle()
        if _stands(stage, place, target, words, spellings):
            return words
    raise Mismatch(_("{place} does not keep the choice “{words}”").format(place=place.name, words=spellings[0]))


def offered(stage: Stage, place: Place) -> tuple[str, ...]:
    """What the options of a place say, those aside that are greyed out; none where the page has no such options."""
    target = target_form(stage.page, place)
    answer = stage.finder.ask(stage.here, "choose", target=target, element=None, spellings=[], most=MOST_OPTIONS)
    return tuple(answer["offers"])


def held_now(stage: Stage, form: Form) -> str | None:
    """What a control shows now; None where it is not on the page any more."""
    shown = still(lambda _ms: [stage.finder.ask(stage.here, "held", held=form)], 0)
    return shown[0] if shown else None


def _stands(stage: Stage, place: Place, target: Form, words: str, spellings: tuple[str, ...]) -> bool:
    """Whether the choice stands; a picker that went away with the click has done its work."""
    if not any(_same_choice(words, spelling) for spelling in spellings):
        return False
    shown = held_now(stage, target)
    return same_words(shown, words) if shown is not None else not any(stage.met([place_wish(stage.page, place)]))


def _same_choice(shown: str, spelling: str) -> bool:
    return "".join(shown.split()) == "".join(spelling.split()) or same_words(shown, spelling)
