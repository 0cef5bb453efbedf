"""Coming to pages: open an address, wait for what is expected, know whose page it is.

A page is believed to be here by its own words, on a host of the site, under the name of the account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser.find import moved, offering, said, still, waited
from agent.browser.forms import Form, list_wish, page_wish, place_form, place_wish, target_form
from agent.browser.stage import SAYS_WAIT, Play, Stage
from agent.errors import AgentError, Mismatch, PageChanged, PageLost, PersonNeeded, SiteUnavailable
from agent.sites.definition import DoneIf, Expect, ExpectGone, ListPlace, Locator, Locators, Open, Page, Place, Step
from agent.sites.values import same_words
from agent.words import _


def open_page(stage: Stage, step: Open, play: Play) -> None:
    page = stage.site.pages[step.page]
    if stage.tab is None or stage.tab.is_closed():
        stage.new_tab()
    stage.close_other_tabs()
    stage.start_afresh()
    stage.pause()
    stage.page = page
    stage.begin_act()
    stage.before = frozenset()
    _go(stage, page, stage.address(page, play))
    stage.refuse_foreign_host()
    stage.settle()
    _arrive(stage, [page, *_ends_at_once(stage, play, step)])


def _go(stage: Stage, page: Page, address: str) -> None:
    """Open the address; once more when the site answers with a fault of its own, which an open may."""
    for last in (False, True):
        try:
            if "#" in address:
                # Else, from that very page, nothing is asked of the site, and what stood there is read once more.
                stage.here.goto("about:blank")
            answer = stage.here.goto(address, wait_until="domcontentloaded", timeout=stage.patience.page * 1000)
        except PlaywrightTimeout as error:
            raise SiteUnavailable(_("The page {} did not come").format(page.name)) from error
        except PlaywrightError as error:
            if moved(error) and not last:
                continue  # an act before this one was still taking the page elsewhere
            if "net::" not in error.message:
                raise
            stage.refuse_led_away()
            raise PageLost(_("The page {page} could not be opened: {why}").format(page=page.name, why=_net(error))) from error
        stage.counts["pages"] += 1
        if answer is None or (answer.status < 500 and answer.status != 429):
            return
        if last or answer.status in SAYS_WAIT:  # a site that says wait is not asked again
            kind = SiteUnavailable if answer.status in SAYS_WAIT else PageLost
            raise kind(_("The site answers {status} for the page {page}").format(status=answer.status, page=page.name))


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
        raise nothing_came(stage, [page.name for page in pages])
    go_on_from(stage, found)


def go_on_from(stage: Stage, page: Page) -> None:
    """The flow is on this page now. Raises Mismatch when another account's name stands on it."""
    stage.step_to(page)
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
        raise Mismatch(
            _("This page belongs to “{shown}”, not to “{meant}”").format(shown=shown, meant=stage.shows),
            reason="wrong_account",
        )


def expect(stage: Stage, step: Expect, play: Play) -> None:
    where = play.where(step.where)
    if not await_targets(stage, step, where, stage.patience.page):
        stage.refuse_foreign_tabs()
        stage.raise_said(stage.said())
        raise nothing_came(stage, list(step.targets))


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
        return page_wish(page, stage.left_for(page))
    place = stage.place(name)
    if isinstance(place, ListPlace):
        return list_wish(stage.page, place, where)
    return place_wish(stage.page, place)


def expect_gone(stage: Stage, step: ExpectGone, play: Play) -> None:
    where = play.where(step.where)
    wish = target_wish(stage, step.target, where)
    if where:
        _await_list(stage, step.target)

    def look(milliseconds: float) -> bool | None:
        answer = stage.finder.ask(stage.here, "conditions", wishes=[wish], gone=True, patience=milliseconds)
        return None if answer["met"][0] else True

    if waited(look, stage.patience.page, stage.look_around) is None:
        stage.raise_said(stage.said())
        raise PageChanged(_("{} is still there").format(step.target))


def _await_list(stage: Stage, name: str) -> None:
    """A list that is not drawn yet has no such row either: its rows, or its own word for empty, come first."""
    wish = target_wish(stage, name, {})
    if waited(lambda ms: stage.met([wish], ms)[0] or None, stage.patience.page, stage.look_around) is None:
        raise nothing_came(stage, [name])


def nothing_came(stage: Stage, names: list[str]) -> AgentError:
    if stage.page and stage.page.before_sign_in and any(stage.met([page_wish(stage.page)])):
        return PersonNeeded(_("The site did not let the agent in and still asks to sign in"))
    told = "; ".join(stage.traffic.dialogs)
    what = _("What was expected did not come: {}").format(", ".join(said(name, _found_by(stage, name)) for name in names))
    return PageChanged(what + (_("; the page said: {}").format(told) if told else offering(_instead(stage, names[0]))))


def _found_by(stage: Stage, name: str) -> Locators:
    if name in stage.site.pages:
        return stage.site.pages[name].here_if
    place = stage.page.place(name) if stage.page else None
    return place.find if isinstance(place, Place) else ()


def _instead(stage: Stage, name: str) -> Sequence[str]:
    """What stands there of the kind that was looked for; else the page's headings."""
    for locators in (_found_by(stage, name), (Locator("heading", "", 0),)):
        target = target_form(None, Place(name, locators, 0))
        if offers := still(lambda _ms, target=target: stage.finder.ask(stage.here, "offers", target=target), 0):  # type: ignore[misc]
            return list(offers)
    return ()
