"""One question about an open page: what a person points at or writes is tried there, and taken once it finds what it should."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from agent.browser.lesson import PICK, Lesson, Shown
from agent.browser.picking import Offer
from agent.errors import AgentError, ConfigError, MachineFailed
from agent.sites import grammar
from agent.sites.definition import ListPlace, Locator
from agent.sites.lesson import Draft, Kind, Manner, Question, our_words
from agent.terms import OUR_WORDS, PLACES, VALUES, plain
from agent.words import _, later

ASKED: Mapping[Kind, str] = MappingProxyType(
    {
        "only_here": later("Point at something that only this page has, such as its heading"),
        "place": later("Point at: {}"),
        "rows": later("Point at one row of the list: {}"),
        "column": later("In one row of the list, point at: {}"),
        "empty": later("The words that the list shows while it is empty"),
        "options": later("Point at one of the choices: {}"),
    }
)
MANNERS: tuple[tuple[Manner, str], ...] = (
    ("list", later("a list that opens")),
    ("buttons", later("buttons, one of which is clicked")),
    ("box", later("a box to write into")),
)


class Person(Protocol):
    """Who is asked."""

    def tell(self, words: str) -> None:
        """Say something beside."""

    def line(self, question: str, hint: str, heard: Callable[[], str]) -> str:
        """A line that they write; or at once what `heard` says, which is asked again and again meanwhile."""

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        """Which of these they take, from 0; None: none of them."""

    def secret(self, question: str) -> str:
        """A line that is shown nowhere."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: a locator, "there is none", "back to the one before", or nothing, which leaves it open."""

    value: str = ""
    seen: bool = False
    none: bool = False
    back: bool = False


def asked(lesson: Lesson, person: Person, draft: Draft, question: Question, go: Callable[[], None]) -> Answer:
    """Ask until there is an answer. `go` brings the list of the question into being, as far as what was shown so far can."""
    if question.kind == "options" and not _manner(person, draft, question):
        return Answer()
    rows = _rows(draft, question)
    while True:
        offered = _offered(lesson, question, rows, draft)
        told = _told(lesson, person, question, offered)
        if told in ("s", "b") or (told == "n" and question.may_be_none):
            return Answer(none=told == "n", back=told == "b")
        if told == "g" and question.rows:
            _gone(person, go)
            continue
        locator = _locator(lesson, person, question, rows, told, offered)
        if locator is None:
            continue
        answer = _tried(lesson, person, question, rows, locator, draft)
        if answer is not None:
            _take_words(lesson, person, draft, question, rows, locator)
            return answer


def _gone(person: Person, go: Callable[[], None]) -> None:
    try:
        go()
    except MachineFailed:
        raise
    except AgentError as error:
        person.tell(str(error))


def _manner(person: Person, draft: Draft, question: Question) -> bool:
    at = person.choose(_("How is it chosen: {}?").format(_name(question)), tuple(_(words) for _manner, words in MANNERS))
    if at is not None:
        draft.manner = MANNERS[at][0]
    return at is not None


def _rows(draft: Draft, question: Question) -> ListPlace | None:
    """The list in whose rows a column is looked for, as it was shown."""
    if question.kind != "column":
        return None
    told = draft.answers.get(f"pages.{question.page}.{question.rows}.rows", "")
    return ListPlace(question.rows, (grammar.locator(told, 0, False),), 0) if told else None


def _name(question: Question) -> str:
    name = question.rows if question.kind == "rows" else question.name
    return plain(PLACES, name) if name in PLACES else plain(VALUES, name)


def _sentence(question: Question) -> str:
    return _(ASKED[question.kind]).format(_name(question))


def _offered(lesson: Lesson, question: Question, rows: ListPlace | None, draft: Draft) -> str:
    """What Enter takes: the page's own heading, or what the file to begin from says where that finds it alone."""
    if question.kind == "only_here" and (heading := lesson.heading()):
        return heading
    if question.kind == "column" and rows is None:
        return ""
    try:
        locator = grammar.locator(question.written, 0, False)
        return question.written if _fits(lesson, question, rows, locator, draft)[0] else ""
    except (AgentError, ValueError):
        return ""
    finally:
        lesson.unframe()


def _told(lesson: Lesson, person: Person, question: Question, offered: str) -> str:
    """What a person says, or that they have picked."""
    lines = [_("Click it in the page.")] if lesson.headed else []
    sentence = _sentence(question)
    lesson.show(Shown(sentence, (*lines, *([_("Enter takes {}").format(offered)] if offered else []))))
    lesson.begin()
    try:
        return person.line(sentence, _hint(lesson, question, offered), lesson.heard)
    finally:
        lesson.quiet()


def _hint(lesson: Lesson, question: Question, offered: str) -> str:
    words = [
        _("Enter takes {}").format(offered) if offered else "",
        _("click it in the page") if lesson.headed else "",
        _("or write how it is found"),
        _("n it has none") if question.may_be_none else "",
        _("g fills the form in as far as this list") if question.kind == "rows" else "",
        _("s leaves it open · b back · q stops"),
    ]
    return " · ".join(filter(None, words))


def _locator(
    lesson: Lesson, person: Person, question: Question, rows: ListPlace | None, told: str, offered: str
) -> Locator | None:
    if told == PICK:
        told = _picked(lesson, person, question, rows)
    told = told or offered
    if question.kind == "empty" and told and "=" not in told:
        told = f"text={told}"
    if not told:
        return None
    try:
        return grammar.locator(told, 0, False)
    except (ConfigError, ValueError) as error:
        person.tell(str(error))
        return None


def _picked(lesson: Lesson, person: Person, question: Question, rows: ListPlace | None) -> str:
    """How what was clicked is found: chosen among what finds it, those that find it alone first."""
    offers = lesson.rows() if question.kind == "rows" else lesson.offers(rows)
    if not offers:
        person.tell(_("What was clicked lies in no list.") if question.kind == "rows" else _("Nothing finds what was clicked."))
        return ""
    if rows is not None:  # what finds it by the words of its own row finds nothing in the others
        offers = tuple(sorted(offers, key=lambda one: not _in_every_row(lesson, question, rows, one)))
    told = tuple(
        _("{locator}  (finds it alone)").format(locator=one.locator)
        if one.exact and question.kind != "rows"
        else _("{locator}  (finds {count})").format(locator=one.locator, count=one.hits)
        for one in offers
    )
    at = person.choose(_("How is it found?"), told)
    return "" if at is None else offers[at].locator


def _in_every_row(lesson: Lesson, question: Question, rows: ListPlace, offer: Offer) -> bool:
    tried = lesson.tried(question.name, (grammar.locator(offer.locator, 0, False),), rows)
    return tried.hits == tried.rows


def _fits(lesson: Lesson, question: Question, rows: ListPlace | None, locator: Locator, draft: Draft) -> tuple[bool, int]:
    """Whether it finds what such a question wants, and how many it finds."""
    tried = lesson.tried(question.name, (locator,), rows)
    several = question.kind in ("rows", "only_here", "empty") or (question.kind == "options" and draft.manner == "buttons")
    wanted = tried.rows if question.kind == "column" else 1
    return tried.hits > 0 and (several or tried.hits == wanted), tried.hits


def _tried(
    lesson: Lesson, person: Person, question: Question, rows: ListPlace | None, locator: Locator, draft: Draft
) -> Answer | None:
    """Say and frame what it finds; an answer once it fits, or once the person wants it all the same."""
    if question.kind == "empty":
        return Answer(str(locator), seen=True)  # a list that holds something cannot show it
    try:
        fits, hits = _fits(lesson, question, rows, locator, draft)
        person.tell(_("{locator} finds {count} things on the page").format(locator=locator, count=hits))
        if fits:
            return Answer(str(locator), seen=True)
        if person.choose(_("That is not what is wanted here. Take it all the same?"), (_("yes, as a guess"),)) == 0:
            return Answer(str(locator))
        return None
    except MachineFailed:
        raise
    except AgentError as error:
        person.tell(str(error))
        return None
    finally:
        lesson.unframe()


def _take_words(
    lesson: Lesson, person: Person, draft: Draft, question: Question, rows: ListPlace | None, locator: Locator
) -> None:
    """Each word that stands there, such as for how far an order came, as one of ours."""
    ours = our_words(draft.kind, question.words)
    if not ours or not question.words:
        return
    names = OUR_WORDS.get(f"{draft.kind}.{question.words}", {})
    known = draft.table(question.words)
    for theirs in lesson.texts(question.name, (locator,), rows):
        same = next((word for word, words in known.items() if theirs in words), None)
        if same:
            person.tell(_("“{theirs}” is taken as: {ours}").format(theirs=theirs, ours=plain(names, same)))
            continue
        told = tuple(f"{plain(names, word)} ({word})" for word in ours)
        at = person.choose(_asks_for(question).format(theirs), told)
        if at is not None:
            known.setdefault(ours[at], []).append(theirs)


def _asks_for(question: Question) -> str:
    return _("“{}” means that the order is") if question.words == "order_states" else _("“{}” means")
