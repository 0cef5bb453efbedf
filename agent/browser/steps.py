"""How each verb of a flow is done: one function a verb, and the table that says which.

No function here may be used for the click that writes; that is commit.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser import controls
from agent.browser.find import said, still, waited
from agent.browser.forms import Form, list_wish, page_wish, place_form, place_wish, target_form
from agent.browser.reach import CLICK_TIMEOUT, take
from agent.browser.reading import read_names
from agent.browser.stage import PRIVATE, Held, Play, Stage
from agent.browser.telling import announce, blamed, log_done
from agent.errors import AgentError, Mismatch, PageChanged, PersonNeeded, SiteUnavailable
from agent.sites.definition import (
    Choose,
    Click,
    DoneIf,
    Expect,
    ExpectGone,
    Fill,
    ForEachLine,
    IfPresent,
    Items,
    ListPlace,
    Open,
    Page,
    Place,
    Press,
    Read,
    Step,
    Template,
    Tick,
)
from agent.sites.values import same_words
from agent.words import _

# ---- going to pages ------------------------------------------------------------------------------------------------


def open_page(stage: Stage, step: Open, play: Play) -> None:
    page = stage.site.pages[step.page]
    if stage.tab is None or stage.tab.is_closed():
        stage.new_tab()
    stage.close_other_tabs()
    stage.start_afresh()
    _pause(stage)
    stage.page = page
    stage.begin_act()
    stage.before = frozenset()
    _go(stage, page)
    stage.refuse_foreign_host()
    stage.settle()
    _arrive(stage, [page, *_ends_at_once(stage, play, step)])


def _go(stage: Stage, page: Page) -> None:
    """Open the address; once more when the site answers with a fault of its own, which an open may."""
    for last in (False, True):
        try:
            answer = stage.here.goto(stage.address(page), wait_until="domcontentloaded", timeout=stage.patience.page * 1000)
        except PlaywrightTimeout as error:
            raise SiteUnavailable(_("The page {} did not come").format(page.name)) from error
        except PlaywrightError as error:
            if "net::" not in error.message:
                raise
            raise SiteUnavailable(
                _("The page {page} could not be opened: {why}").format(page=page.name, why=_net(error))
            ) from error
        stage.counts["pages"] += 1
        if answer is None or (answer.status < 500 and answer.status != 429):
            return
        if last or answer.status in (429, 503):  # a site that says wait is not asked again
            raise SiteUnavailable(
                _("The site answers {status} for the page {page}").format(status=answer.status, page=page.name)
            )


def _net(error: PlaywrightError) -> str:
    return next((word.strip(" .,") for word in error.message.split() if word.startswith("net::")), "net::")


def _ends_at_once(stage: Stage, play: Play, step: Step) -> list[Page]:
    """The pages on which a `done_if` right after this step would end the flow: arriving there is as good."""
    steps = play.flow.steps
    after = steps[steps.index(step) + 1 :] if step in steps else ()
    targets = [one.target for one in after[:1] if isinstance(one, DoneIf)]
    return [stage.site.pages[name] for name in targets if name in stage.site.pages]


def _arrive(stage: Stage, pages: list[Page]) -> None:
    """Wait until one of the pages is here, and go on from it."""
    wishes = [page_wish(page) for page in pages]

    def look(milliseconds: float) -> Page | None:
        met = stage.met(wishes, milliseconds)
        return next((page for page, here in zip(pages, met, strict=True) if here), None)

    found = waited(look, stage.patience.page, stage.look_around)
    if found is None:
        raise _nothing_came(stage, [page.name for page in pages])
    go_on_from(stage, found)


def go_on_from(stage: Stage, page: Page) -> None:
    """The flow is on this page now. Raises Mismatch when another account's name stands on it."""
    stage.page = page
    site = stage.site
    if page.before_sign_in or page.inside or site.signed_in_as is None or not stage.shows:
        return
    wish = {"scope": [], "places": [place_form(site.signed_in_as)], "lists": [], "held": []}

    def look(milliseconds: float) -> str | None:
        answer = stage.finder.ask(stage.here, "read", wish=wish, patience=milliseconds)
        return str(answer["places"]["signed_in_as"]["raw"]) if answer["whole"] else None

    shown = waited(look, stage.patience.page, stage.look_around)
    if shown is None:
        raise PageChanged(_("The page {} does not show who is signed in").format(page.name))
    if not same_words(shown, stage.shows):
        raise Mismatch(_("This page belongs to “{shown}”, not to “{meant}”").format(shown=shown, meant=stage.shows))


def expect(stage: Stage, step: Expect, play: Play) -> None:
    where = _where(play, step.where)
    if not await_targets(stage, step, where, stage.patience.page):
        stage.raise_said(stage.said())
        raise _nothing_came(stage, list(step.targets))


def await_targets(stage: Stage, step: Expect, where: Mapping[str, str], patience: float) -> bool:
    """Wait for one of the targets on this tab, or on the one tab it opened; go on from what came."""
    found = waited(lambda ms: meet(stage, step, where, ms), patience, stage.look_around)
    return found is not None


def meet(stage: Stage, step: Expect, where: Mapping[str, str], milliseconds: float) -> str | None:
    """The target that holds now, if any, and the flow goes on from it."""
    wishes = [target_wish(stage, name, where) for name in step.targets]
    tabs = [tab for tab in stage.traffic.tabs if not tab.is_closed()]
    if len(tabs) > 1:
        raise PageChanged(_("{} new tabs were opened; one is wanted").format(len(tabs)))
    for tab in (*tabs, *([stage.here] if stage.tab and not stage.tab.is_closed() else [])):
        met = stage.met(wishes, milliseconds / (len(tabs) + 1), tab)
        name = next((name for name, holds in zip(step.targets, met, strict=True) if holds), None)
        if name is None:
            continue
        stage.use(tab)
        if name in stage.site.pages:
            go_on_from(stage, stage.site.pages[name])
        return name
    return None


def target_wish(stage: Stage, name: str, where: Mapping[str, str]) -> Form:
    """The condition a name stands for: a page is here (and the dialog before it gone), a place shows, a list holds that row."""
    if name in stage.site.pages:
        page = stage.site.pages[name]
        left = stage.page if stage.page and stage.page.inside and stage.page is not page else None
        return page_wish(page, left)
    place = _place(stage, name)
    if isinstance(place, ListPlace):
        return list_wish(stage.page, place, where)
    return place_wish(stage.page, place)


def expect_gone(stage: Stage, step: ExpectGone, play: Play) -> None:
    wish = target_wish(stage, step.target, {})

    def look(milliseconds: float) -> bool | None:
        answer = stage.finder.ask(stage.here, "conditions", wishes=[wish], gone=True, patience=milliseconds)
        return None if answer["met"][0] else True

    if waited(look, stage.patience.page, stage.look_around) is None:
        stage.raise_said(stage.said())
        raise PageChanged(_("{} is still there").format(step.target))


def _nothing_came(stage: Stage, names: list[str]) -> AgentError:
    if stage.page and stage.page.before_sign_in and any(stage.met([page_wish(stage.page)])):
        return PersonNeeded(_("The site did not let the agent in and still asks to sign in"))
    told = "; ".join(stage.traffic.dialogs)
    what = _("What was expected did not come: {}").format(", ".join(names))
    return PageChanged(what + (_("; the page said: {}").format(told) if told else ""))


# ---- acting ----------------------------------------------------------------------------------------------------------


def fill(stage: Stage, step: Fill, play: Play) -> None:
    for name, template in step.items:
        place = _one_place(stage, name)
        target = target_form(stage.page, place)
        text = play.text(template)
        element = take(stage, target, name, place)
        shown = controls.type_text(stage, element, text)
        if not controls.same_value(shown, text):
            raise _not_taken(name, template, text, shown)
        _hold(stage, name, target, shown)


def _not_taken(name: str, template: Template, text: str, shown: str) -> Mismatch:
    if _private(template):
        what = _("{place} does not show what was typed ({typed} signs, {shown} shown)")
        return Mismatch(what.format(place=name, typed=len(text), shown=len(shown)))
    return Mismatch(_("{place} shows “{shown}” after “{text}” was typed").format(place=name, shown=shown, text=text))


def _private(template: Template) -> bool:
    return any(name.startswith(PRIVATE) for name in template.names)


def _hold(stage: Stage, name: str, target: Form, shown: str) -> None:
    document = stage.finder.ask(stage.here, "page")
    stage.held[name] = Held({"scope": target["scope"], "place": target["place"]}, shown, document)


def choose(stage: Stage, step: Choose, play: Play) -> None:
    for name, template in step.items:
        place = _one_place(stage, name)
        target = target_form(stage.page, place)
        spellings = _their_words(stage, place, play.spellings(template))
        for _try in range(controls.TRIES):
            stage.begin_act()
            element = None if place.options else take(stage, target, name, place)
            words = controls.choose(stage, target, element, spellings)
            stage.settle()
            if _stands(stage, target, words, spellings):
                break
        else:
            raise Mismatch(_("{place} does not keep the choice “{words}”").format(place=name, words=spellings[0]))
        stage.chosen[name] = words
        _hold(stage, name, target, words)


def _their_words(stage: Stage, place: Place, ours: tuple[str, ...]) -> tuple[str, ...]:
    """Our word turned into the site's, where the place names a table of words."""
    table = stage.site.words.get(place.words, {})
    return tuple(word for one in ours for word in table.get(one, (one,)))


def _stands(stage: Stage, target: Form, words: str, spellings: tuple[str, ...]) -> bool:
    """Whether the choice stands; a picker that went away with the click has done its work."""
    if not any(_same_choice(words, spelling) for spelling in spellings):
        return False
    form = {"scope": target["scope"], "place": target["place"]}
    shown = _held_now(stage, form)
    return same_words(shown, words) if shown is not None else not any(stage.met([form]))


def _held_now(stage: Stage, form: Form) -> str | None:
    """What a control shows now; None where it is not on the page any more."""
    shown = still(lambda _ms: [stage.finder.ask(stage.here, "held", held=form)], 0)
    return shown[0] if shown else None


def _same_choice(shown: str, spelling: str) -> bool:
    return "".join(shown.split()) == "".join(spelling.split()) or same_words(shown, spelling)


def tick(stage: Stage, step: Tick, play: Play) -> None:
    place = _one_place(stage, step.place)
    target = target_form(stage.page, place)
    controls.tick(stage.finder, stage.here, take(stage, target, step.place, place), step.wanted)
    stage.settle()
    _hold(stage, step.place, target, "true" if step.wanted else "false")


def click(stage: Stage, step: Click, play: Play) -> None:
    _pause(stage)
    place = _one_place(stage, step.place)
    around = stage.page.list_of(step.place) if stage.page else None
    target = target_form(stage.page, place, around, _where(play, step.where))
    stage.begin_act()
    element = take(stage, target, step.place, place)
    try:
        element.click(no_wait_after=True, timeout=CLICK_TIMEOUT)
    except PlaywrightTimeout as error:
        raise PageChanged(_("{} is there but could not be clicked").format(said(step.place, place.find))) from error
    stage.settle()


def press(stage: Stage, step: Press, play: Play) -> None:
    stage.begin_act()
    stage.here.keyboard.press(step.key)
    stage.settle()


def _pause(stage: Stage) -> None:
    shortest, longest = stage.manners.pause
    if longest > 0:
        stage.wait(stage.chance.uniform(shortest, longest))


# ---- reading and branching -------------------------------------------------------------------------------------------


def read(stage: Stage, step: Read, play: Play) -> None:
    read_names(stage, step.names, play)


def for_each_line(stage: Stage, step: ForEachLine, play: Play) -> None:
    whole = play.values
    for line in whole.get("lines", ()):
        play.values = {**whole, **line}
        for inner in step.steps:
            do(stage, inner, play)
        _drop_what_was_taken(stage)
    play.values = whole


def _drop_what_was_taken(stage: Stage) -> None:
    """Boxes that a line was typed into and that were emptied by adding it hold nothing of ours any more."""
    for name, held in list(stage.held.items()):
        if _held_now(stage, held.form) != held.shown:
            del stage.held[name]


def if_present(stage: Stage, step: IfPresent, play: Play) -> None:
    if not any(stage.met([target_wish(stage, step.target, {})])):
        return
    if step.target in stage.site.pages:
        go_on_from(stage, stage.site.pages[step.target])
    for inner in step.steps:
        do(stage, inner, play)


def done_if(stage: Stage, step: DoneIf, play: Play) -> None:
    if any(stage.met([target_wish(stage, step.target, {})])):
        if step.target in stage.site.pages:
            go_on_from(stage, stage.site.pages[step.target])
        play.done = True


def _place(stage: Stage, name: str) -> Place | ListPlace:
    place = stage.page.place(name) if stage.page else None
    if place is None:
        raise PageChanged(
            _("The flow is on {page}, which has no place {name}").format(page=stage.page.name if stage.page else "-", name=name)
        )
    return place


def _one_place(stage: Stage, name: str) -> Place:
    place = _place(stage, name)
    if isinstance(place, ListPlace):
        raise PageChanged(_("{} is a list; a place is wanted here").format(name))
    return place


def _where(play: Play, items: Items) -> dict[str, str]:
    return {name: play.text(template) for name, template in items}


VERBS: Mapping[type, Callable[[Stage, Any, Play], None]] = {
    Open: open_page,
    Fill: fill,
    Choose: choose,
    Tick: tick,
    Click: click,
    Press: press,
    Expect: expect,
    ExpectGone: expect_gone,
    Read: read,
    ForEachLine: for_each_line,
    IfPresent: if_present,
    DoneIf: done_if,
}


def do(stage: Stage, step: Step, play: Play) -> None:
    """Do one step by the table, told before and, if it fails, blamed. The verb `commit` is not in it."""
    info = announce(stage, play, step)
    with blamed(stage, play, step):
        VERBS[type(step)](stage, step, play)
    log_done(info)
