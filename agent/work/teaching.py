"""A new site shown by a person: page by page what a site file must say, asked, tried, and kept in a draft until the file is whole."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from agent.browser.lesson import Lesson, Shown
from agent.browser.stage import SignedOut
from agent.errors import AgentError, ConfigError, MachineFailed, Where
from agent.home import Home
from agent.sites.contract import SiteKind
from agent.sites.definition import Site
from agent.sites.document import Data, Document, Problems, document_of
from agent.sites.lesson import Draft, Question, as_data, left_open, of_data, our_words, questions, written
from agent.sites.saving import checked, copied_to
from agent.terms import PAGES
from agent.words import _
from agent.work.example import at_supplier, in_shop, to_fill
from agent.work.pointing import Answer, Person, asked
from agent.work.values import Values


class Back(Exception):
    """A person goes back to the question before."""


@dataclass
class Sitting:
    """One person at one draft. `here`: the page of the file that stands in the window."""

    home: Home
    draft: Draft
    base: str
    lesson: Lesson
    person: Person
    here: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    product: tuple[str, str] | None = None
    number: str = ""  # of the first order of the list, as it stood in the window

    @property
    def document(self) -> Document:
        return document_of(self.file, self.base)

    @property
    def file(self) -> Path:
        return file_to_be(self.home, self.draft)

    def site(self) -> Site:
        return site_by_now(self.home, self.draft, self.base)

    def keep(self) -> None:
        keep_draft(self.home, self.draft)

    def secret(self, name: str) -> str:
        """What is typed to sign in, asked for once a sitting and kept nowhere."""
        asked_for = {"user_name": _("User name"), "password": _("Password")}
        self.secrets[name] = self.secrets.get(name) or self.person.secret(asked_for.get(name, name))
        return self.secrets[name]

    def named_product(self) -> tuple[str, str]:
        """A product's number and its specification to try the order form with."""
        if self.product is None:
            number = self.person.line(_("A product's number to try the form with"), "", self.lesson.heard)
            words = _("Its specification, as the page writes it")
            self.product = (number, self.person.line(words, "", self.lesson.heard))
        return self.product


def file_to_be(home: Home, draft: Draft) -> Path:
    return home.site_folders[0] / f"{draft.name}.yaml"


def site_by_now(home: Home, draft: Draft, base: str) -> Site:
    """What the answers make so far of the text to begin from. Raises Problems, ConfigError."""
    return checked(file_to_be(home, draft), written(base, draft))


def draft_file(home: Home, name: str) -> Path:
    return home.drafts / f"{name}.json"


def new_draft(name: str, kind: SiteKind, base: str, document: Document) -> Draft:
    """Nothing answered yet; the words for how far an order came are those of the file to begin from."""
    words = document.data.get("words") if isinstance(document.data, dict) else None
    draft = Draft(name, kind, base)
    for table, told in words.items() if isinstance(words, dict) else ():
        if isinstance(told, dict) and our_words(kind, table):
            draft.table(table).update({ours: _several(theirs) for ours, theirs in told.items()})
    return draft


def _several(theirs: Data) -> list[str]:
    return [str(one) for one in theirs] if isinstance(theirs, list) else [str(theirs)]


def kept_draft(home: Home, name: str) -> Draft | None:
    """What was answered in an earlier sitting. Raises ConfigError where that cannot be read."""
    path = draft_file(home, name)
    if not path.exists():
        return None
    try:
        return of_data(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(
            _("The draft cannot be read: {}").format(error), where=Where(file=path), todo=_("Delete it, and begin anew.")
        ) from error


def keep_draft(home: Home, draft: Draft) -> None:
    """Write it beside, then in its place, so that it is never half written. Raises ConfigError."""
    path = draft_file(home, draft.name)
    made = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(as_data(draft), file, ensure_ascii=False, indent=1)
        os.replace(made, path)
    except OSError as error:
        raise ConfigError(
            _("The draft cannot be written: {}").format(error.strerror),
            where=Where(file=path),
            todo=_("Free space on its disk, or make it writable again."),
        ) from error


# ---- the questions, one after the other ------------------------------------------------------------------------------


def teach(sitting: Sitting) -> None:
    """Ask what is not answered yet. Each answer is kept at once. Raises KeyboardInterrupt where the person stops."""
    every = list(questions(sitting.document.data))
    at = 0
    while at < len(every):
        question = every[at]
        if sitting.draft.is_told(question) or (question.kind == "page" and question.page == sitting.here):
            at += 1
            continue
        try:
            _step(sitting, every, question)
        except Back:
            at = _before(sitting, every, at)
            sitting.here = sitting.here if every[at].page == sitting.here else ""
        sitting.keep()


def _step(sitting: Sitting, every: list[Question], question: Question) -> None:
    if question.kind == "page" and all(sitting.draft.is_told(one) for one in every if _asked_on(one, question.page)):
        sitting.draft.passed.append(question.path)
        return
    if question.page != sitting.here or not sitting.lesson.is_open:
        _to_page(sitting, every, question.page)
        return
    answer = asked(sitting.lesson, sitting.person, sitting.draft, question, lambda: _go(sitting, question.rows))
    if answer.back:
        raise Back
    _take(sitting, question, answer)


def _asked_on(question: Question, page: str) -> bool:
    return question.page == page and question.kind != "page"


def _take(sitting: Sitting, question: Question, answer: Answer) -> None:
    draft = sitting.draft
    if answer.none:
        draft.none.append(question.place)
    elif answer.value:
        draft.answer(question.path, answer.value, seen=answer.seen)
        if question.name == "place_order":
            words = _("What the browser itself asks at that click, in a small window of its own; Enter where it asks nothing")
            draft.browser_asks = sitting.person.line(words, "", sitting.lesson.heard)
    else:
        draft.passed.append(question.path)


def _before(sitting: Sitting, every: list[Question], at: int) -> int:
    """The question that was answered last before this one, forgotten again."""
    draft = sitting.draft
    for number in range(at - 1, -1, -1):
        question = every[number]
        told = question.path in (*draft.answers, *draft.passed) or question.place in draft.none
        if told and question.kind != "page":
            draft.forget(question.path)
            draft.forget(question.place)
            return number
    return at


def _use(sitting: Sitting) -> None:
    """What was shown counts at once. That the answers make no whole file yet is told at the end."""
    try:
        sitting.lesson.use(sitting.site())
    except Problems:
        return
    sitting.lesson.stand_on(sitting.here)


# ---- coming to a page ------------------------------------------------------------------------------------------------


def _to_page(sitting: Sitting, every: list[Question], page: str) -> None:
    """Have the person open it, or go there for them; where they leave it, all that is asked on it stays open."""
    lesson, person = sitting.lesson, sitting.person
    sitting.number = _first_number(sitting) or sitting.number  # of the page that is left now
    wanted = _("Open the page {}").format(_(PAGES[page])) if page in PAGES else _("Open the page “{}”").format(page)
    lesson.quiet()
    lesson.show(Shown(wanted, (_("Then press Enter in the terminal."),), (("enter", _("It is open now")),)))
    hint = _("Enter when it stands in the window · its address · g goes there · s leaves it open · b back · q stops")
    while True:
        told = person.line(wanted, hint, lesson.heard)
        if told in ("", "enter") and lesson.address:
            break
        if told == "b":
            raise Back
        if told == "s":
            _leave_page(sitting, every, page)
            return
        if told and told != "enter" and _came(sitting, told, page):
            break
    _arrived(sitting, every, page)


def _came(sitting: Sitting, told: str, page: str) -> bool:
    if told != "g" and not told.startswith(("/", "http")):
        sitting.person.tell(_("An address begins with / or http"))
        return False
    try:
        try:
            _there(sitting, told, page)
        except SignedOut as lost:
            sitting.person.tell(lost.what)
            _sign_in(sitting)
            _there(sitting, told, page)
    except MachineFailed:
        raise
    except AgentError as error:
        sitting.person.tell(str(error))
        return False
    sitting.person.tell(_("It stands in the window: {}").format(sitting.lesson.address))
    return True


def _there(sitting: Sitting, told: str, page: str) -> None:
    """Go to the page, or open the address that was told. Raises SignedOut where the site's own sign-in page stands there instead."""
    if told == "g":
        _go(sitting, page)
    else:
        sitting.lesson.open(told)
    sitting.lesson.stand_on(page)
    sitting.lesson.refuse_signed_out()


def _sign_in(sitting: Sitting) -> None:
    site = sitting.site()
    _go(sitting, next(iter(site.ends_on("log_in")), "home"))


def _arrived(sitting: Sitting, every: list[Question], page: str) -> None:
    sitting.here = page
    sitting.lesson.stand_on(page)
    question = next(one for one in every if one.page == page and one.kind == "page")
    if question.written and "<" not in question.written:
        sitting.draft.answer(question.path, sitting.lesson.address, seen=True)
        _use(sitting)


def _leave_page(sitting: Sitting, every: list[Question], page: str) -> None:
    open_ = [one.path for one in every if one.page == page and not sitting.draft.is_told(one)]
    sitting.draft.passed += open_


def _go(sitting: Sitting, target: str) -> None:
    """Play the flow that comes there with what was shown so far. Raises AgentError where it does not come so far."""
    sitting.lesson.use(sitting.site())
    sitting.lesson.go(target, _values(sitting, target))


def _values(sitting: Sitting, target: str) -> Values:
    """What is typed to get there: who signs in, a receiver that is none, a product that a person names."""
    if target in sitting.site().ends_on("log_in"):
        for name in ("user_name", "password"):
            sitting.secret(name)
    number = _first_number(sitting) or sitting.number
    if sitting.draft.kind == "shop":
        values = in_shop(number)
    else:
        product = sitting.named_product() if target in ("confirm", "basket") else sitting.product or ("", "")
        values = {**to_fill(*product), **at_supplier(number)}
    return {**values, **{f"secret.{name}": value for name, value in sitting.secrets.items()}, "account.shows": ""}


def _first_number(sitting: Sitting) -> str:
    """The number of the first order of the list that stands in the window."""
    word = "order_number" if sitting.draft.kind == "shop" else "supplier_order_number"
    page = sitting.lesson.stage.page if sitting.lesson.is_open else None
    rows = page.list_of(word) if page else None
    place = rows.places.get(word) if rows else None
    found = sitting.lesson.texts(word, place.find, rows) if place else ()
    return found[0] if found else ""


# ---- the end ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of it: the file that was written, its site (None where mistakes are left), and what nobody has shown."""

    file: Path
    site: Site | None
    problems: Problems | None
    open: tuple[Question, ...]


def finish(sitting: Sitting) -> Taught:
    """Write the site file, never over one; where the answers make no whole one, a draft beside the answers that says what is amiss."""
    text = written(sitting.base, sitting.draft)
    missing = left_open(sitting.document.data, sitting.draft)
    try:
        site = checked(sitting.file, text)
    except Problems as problems:
        rough = sitting.home.drafts / f"{sitting.draft.name}.yaml"
        rough.unlink(missing_ok=True)
        copied_to(rough, _with_missing(text, problems))
        sitting.draft.passed.clear()  # the next sitting asks for them again
        sitting.keep()
        return Taught(rough, None, problems, missing)
    copied_to(sitting.file, text)
    draft_file(sitting.home, sitting.draft.name).unlink(missing_ok=True)
    return Taught(sitting.file, site, None, missing)


def _with_missing(text: str, problems: Problems) -> str:
    lines = text.split("\n")
    for problem in sorted(problems.problems, key=lambda one: one.line, reverse=True):
        lines.insert(max(0, problem.line - 1), f"# missing: {problem.what}")
    return "\n".join(lines)
