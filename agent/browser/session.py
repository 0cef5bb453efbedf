"""One signed-in browser of one account. It lives in one thread: the one that made it (desk.py gives each its own).

The kept sign-in is loaded when the browser starts and written again after each sign-in, for its owner only. An account
with a Chrome of its own has a kept profile beside it, which no other account ever sees.
"""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from loguru import logger
from playwright.sync_api import Browser, BrowserContext, Playwright, StorageState, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from agent.browser import by_hand, last_look, player
from agent.browser.account import Account, Folders
from agent.browser.commit import commit, refuse_no_click, shown_at_commit
from agent.browser.evidence import Evidence
from agent.browser.gate import Gate, on_loopback
from agent.browser.last_look import LastLook
from agent.browser.launch import BrowserChoice, has_screen, launch, launch_own, only_hosts, this_machine
from agent.browser.stage import Patience, Play, SignedOut, Stage, Values
from agent.browser.survey import Survey, survey
from agent.browser.traffic import Traffic
from agent.browser.watching import BackToStart, NullWatcher, SentByHand, Watcher
from agent.errors import AgentError, ConfigError, LeftByPerson, PageLost, Where
from agent.models import CommitFacts, CommitOutcome, Reading
from agent.sites.definition import Clear, Commit, Flow, Open, Site
from agent.words import _

T = TypeVar("T")

SETTINGS: dict[str, Any] = {
    "viewport": {"width": 1366, "height": 900},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "service_workers": "block",  # nothing may leave after the pages are closed
}


class Session:
    """Plays the flows of one site as one account. Starts its browser at the first need."""

    def __init__(
        self,
        account: Account,
        site: Site,
        *,
        browser: BrowserChoice,
        folder: Folders,
        secret: Callable[[str], str],
        watch: Watcher | None = None,
        headed: bool | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._account = account
        self._site = site
        self._choice = browser
        self._folder = folder
        self._secret = secret
        self._watch = watch or NullWatcher()
        self._headed = headed  # None: as the account's browser is used, its own visibly where there is a screen
        self._chance = chance or random.Random()
        self._hurried = False
        self._driver: Playwright | None = None
        self._browser: Browser | None = None
        self._stage: Stage | None = None

    # ---- what a session is asked for

    def sign_in(self) -> None:
        """Play `log_in` unless the kept sign-in still holds, and keep the new one. Raises PersonNeeded, Mismatch."""
        flow = self._flow("log_in")
        self._as_often_as_wanted(lambda: player.play(self._begun(flow), Play(flow, self._values({}))))
        stage = self.stage
        stage.counts["sign_ins"] += 1
        self._keep_sign_in(stage.context)
        logger.bind(account=self._account.name).info("{}: signed in", self._account.name)

    def sign_in_by_hand(self, patience: float) -> None:
        """Open where one signs in, and wait so many seconds for a person who does it. Raises PersonNeeded if nobody does."""
        stage = self.stage
        by_hand.sign_in(stage, Play(self._flow("log_in"), self._values({})), patience)
        stage.counts["sign_ins"] += 1
        self._keep_sign_in(stage.context)

    def play(self, flow: str, values: Values) -> Reading:
        """Play a flow without commit. A sign-in lost on the way is renewed once, and the flow played from its start."""
        return self._as_often_as_wanted(lambda: self._signed_in(flow, lambda wanted: self._play(wanted, values)))

    def commit(self, flow: str, values: Values, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        """Play a writing flow up to its commit, do that once, and close all pages. What is raised was raised before the click."""
        return self._as_often_as_wanted(lambda: self._commit(flow, values, record))

    def rehearse(self, flow: str, values: Values, *, to_the_click: bool = False) -> dict[str, str]:
        """Play a writing flow up to its commit, and leave the page: what would be compared there, by name, as shown.

        `to_the_click`: raise where that click could not be made.
        """
        play = self._as_often_as_wanted(lambda: self._until_commit(flow, values))
        if to_the_click and not play.done:
            _before, step, after = player.until_commit(play.flow)
            refuse_no_click(self.stage, play, step, after)
        shown = {} if play.done else shown_at_commit(self.stage)
        self.close_pages()
        return shown

    def hurry(self, hurried: bool) -> None:
        """From here on take the shortest pauses that the site's manners allow, or again any that they do."""
        self._hurried = hurried
        if self._stage is not None:
            self._stage.hurried = hurried

    def survey(self, flow: str, values: Values, *, page: str = "", skeletons: bool = False) -> Survey:
        """Play a flow without commit, or only open a `page`, and count what the locators hit; a lost sign-in is renewed once."""
        wanted = self._flow(flow) if not page else Flow(flow, (Open(page, self._site.pages[page].line),), 0)
        _refuse_commit(wanted)
        found = survey(self.stage, Play(wanted, self._values(values)), skeletons=skeletons)
        if isinstance(found.failure, SignedOut):
            self._sign_in_again(found.failure)
            found = survey(self.stage, Play(wanted, self._values(values)), skeletons=skeletons)
        return found

    def keep_look(self, page: str) -> None:
        """Keep how this page, which stands there as its file says, looks now."""
        last_look.keep(self.stage, Evidence(self._folder.evidence, self._account.name), page)

    def last_look(self, page: str) -> LastLook:
        """How the page looked when that was kept last."""
        return last_look.kept(Evidence(self._folder.evidence, self._account.name), page)

    def picture(self, name: str) -> Path:
        """A picture of what is in view now. Raises OSError where none comes, or where it cannot be kept."""
        stage = self.stage
        return stage.evidence.asked_for(stage.here, name)

    def close_pages(self) -> None:
        """The fence: close every page, so that nothing of theirs can leave any more."""
        if self._stage is not None:
            self._stage.close_tabs()

    def counters(self) -> dict[str, int]:
        """How many pages were opened, steps done and sign-ins made so far."""
        return dict(self._stage.counts) if self._stage else {"pages": 0, "steps": 0, "sign_ins": 0}

    def close(self) -> None:
        """Close the browser. A browser that is gone already is closed."""
        stage, browser, driver = self._stage, self._browser, self._driver
        self._stage = self._browser = self._driver = None
        try:
            if stage is not None:
                stage.context.close()
            if browser is not None:
                browser.close()
        except PlaywrightError as error:
            logger.bind(account=self._account.name).debug("{}: the browser was gone: {}", self._account.name, error.message)
        finally:
            if driver is not None:
                driver.stop()

    # ---- inside

    @property
    def stage(self) -> Stage:
        """The stage, its browser started and its kept sign-in loaded."""
        if self._browser is not None and not self._browser.is_connected():
            self.close()  # it died; the sign-in is kept in its file
        if self._stage is None:
            self._driver = self._driver or sync_playwright().start()
            if self._own_chrome:
                self._stage = self._set_stage(self._start_own(self._driver))
            else:
                self._browser = launch(self._driver, self._choice, headed=self._visible, args=self._alone())
                self._stage = self._set_stage(self._browser.new_context(**SETTINGS, storage_state=self._kept_sign_in()))
        return self._stage

    @property
    def _visible(self) -> bool:
        """Whether a window opens: as asked for, else only an own Chrome's, where there is a screen."""
        if self._headed is None:
            return self._own_chrome and has_screen(this_machine())
        return self._headed

    def _start_own(self, driver: Playwright) -> BrowserContext:
        """The account's own Chrome. What was signed in to until it closed is put back: Chrome forgets that part at its end."""
        profile = self._folder.profiles / self._account.name
        try:
            context = launch_own(driver, self._choice, profile, headed=self._visible, args=self._alone(), **SETTINGS)
        except AgentError as error:
            raise error.at(account=self._account.name) from error.__cause__
        self._browser = context.browser
        known = {_cookie(one) for one in context.cookies()}
        kept = self._kept_sign_in() or {}
        context.add_cookies(cast(Any, [one for one in kept.get("cookies", ()) if _cookie(one) not in known]))
        return context

    def _set_stage(self, context: BrowserContext) -> Stage:
        account, site = self._account, self._site
        blank = context.pages[0] if context.pages else context.new_page()
        traffic = Traffic()
        traffic.watch(context)
        gate = Gate(self._hosts, traffic)
        context.on("page", gate.keep_opened)
        return Stage(
            account=account.name,
            shows=account.shows,
            gate=gate,
            site=site,
            manners=account.manners or site.manners,
            patience=Patience(
                account.limits.wait_for_page or site.limits.wait_for_page, account.limits.settle or site.limits.settle
            ),
            context=context,
            blank=blank,
            traffic=traffic,
            evidence=Evidence(self._folder.evidence, account.name),
            files=self._folder.files,
            watch=self._watch,
            visible=self._visible,
            steps_kept=Evidence(self._folder.steps, account.name),
            wait=lambda seconds: _let_pass(seconds),
            chance=self._chance,
            hurried=self._hurried,
        )

    @property
    def _own_chrome(self) -> bool:
        return (self._account.browser or self._site.browser) == "own_chrome"

    @property
    def _hosts(self) -> Mapping[str, str]:
        return {**self._site.hosts, **self._account.hosts}

    def _alone(self) -> tuple[str, ...]:
        """A browser for stand-in sites on this very machine finds no other host."""
        hosts = self._hosts.values()
        return (only_hosts(hosts),) if all(on_loopback(host) for host in hosts) else ()

    def _flow(self, name: str) -> Flow:
        if self._stage is not None:
            self._site = self._stage.site  # a person may have mended it meanwhile
        flow = self._site.flows.get(name)
        if flow is None:
            raise ConfigError(
                _("The site file has no flow {}").format(name), where=Where(account=self._account.name, file=self._site.path)
            )
        return flow

    def _as_often_as_wanted(self, act: Callable[[], T]) -> T:
        """Begin anew whenever a person who looks on goes back to the start. A flow that goes on from another one is its job's."""
        while True:
            try:
                return act()
            except BackToStart:
                if self.stage.continues:
                    raise

    def _signed_in(self, flow: str, act: Callable[[Flow], T]) -> T:
        """A sign-in lost on the way is renewed once, and the flow played from its start."""
        wanted = self._flow(flow)
        try:
            return act(wanted)
        except SignedOut as lost:
            if flow == "log_in":
                raise
            self._sign_in_again(lost)
            self._refuse_to_go_on(wanted, lost)
        return act(wanted)

    def _play(self, flow: Flow, values: Values) -> Reading:
        _refuse_commit(flow)
        with self._whole(flow):
            return player.play(self._begun(flow), Play(flow, self._values(values)))

    @contextmanager
    def _whole(self, flow: Flow) -> Iterator[None]:
        """Raise LeftByPerson where a step of the flow was left out by hand, whatever it came to without that."""
        try:
            yield
        except (BackToStart, SentByHand):
            raise
        except AgentError as error:
            if self.stage.skipped:
                raise self._left_out(flow) from error
            raise
        if self.stage.skipped:
            raise self._left_out(flow)

    def _left_out(self, flow: Flow) -> LeftByPerson:
        words = _("A step was left out by hand, so what the flow read counts for nothing")
        return LeftByPerson(words, where=Where(account=self._account.name, flow=flow.name))

    def _until_commit(self, flow: str, values: Values) -> Play:
        return self._signed_in(flow, lambda wanted: self._played_until_commit(wanted, values))

    def _played_until_commit(self, flow: Flow, values: Values) -> Play:
        play = Play(flow, self._values(values))
        with self._whole(flow):
            player.play_steps(self._begun(flow), play, player.until_commit(flow)[0])
        return play

    def _begun(self, flow: Flow) -> Stage:
        stage = self.stage
        stage.continues = not isinstance(flow.steps[0], Open)
        if not stage.continues:
            stage.skipped = ""
        return stage

    def _commit(self, flow: str, values: Values, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        play = self._until_commit(flow, values)
        if play.done:
            self.close_pages()
            return CommitOutcome("expected", _("it stood there already"), (), (), play.reading(self.stage.chosen))
        _before, step, after = player.until_commit(play.flow)
        return commit(self.stage, play, step, after, record)

    def _refuse_to_go_on(self, flow: Flow, lost: SignedOut) -> None:
        """The work is begun again another time by a flow that goes on where another ended, and so lost its page with the sign-in.

        So it is by one that clears a cart first: what this attempt put in is known to be ours only to the next one.
        """
        if not isinstance(flow.steps[0], Open) or any(isinstance(step, Clear) for step in flow.steps):
            raise PageLost(_("The sign-in was lost on the way and is renewed; nothing was sent")) from lost

    def _sign_in_again(self, lost: SignedOut) -> None:
        logger.bind(account=self._account.name).info("{}: the sign-in was lost, signing in again", self._account.name)
        try:
            if not self._own_chrome:  # there lies also by what the site knows this browser again
                self.stage.context.clear_cookies()
            self.sign_in()
        except AgentError as error:
            raise error from lost

    def _values(self, values: Values) -> Values:
        return _WithSecrets({"account.shows": self._account.shows, **values}, self._secret)

    @property
    def _sign_in_file(self) -> Path:
        return self._folder.sign_ins / f"{self._account.name}.json"

    def _kept_sign_in(self) -> StorageState | None:
        try:
            return cast(StorageState, json.loads(self._sign_in_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            logger.bind(account=self._account.name).warning(
                "{}: the kept sign-in cannot be read, signing in anew", self._account.name
            )
            return None

    def _keep_sign_in(self, context: BrowserContext) -> None:
        """Where it cannot be kept, this run goes on with it, and the next one signs in anew."""
        path = self._sign_in_file
        fresh = path.with_suffix(f".{os.getpid()}.new")
        state = context.storage_state()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(state, file)
            os.replace(fresh, path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            name = self._account.name
            logger.bind(account=name).warning("{}: the sign-in could not be kept: {}", name, error)


class _WithSecrets(dict[str, Any]):
    """The values of a flow; a secret is asked for when it is typed, and kept nowhere."""

    def __init__(self, values: Values, secret: Callable[[str], str]) -> None:
        super().__init__(values)
        self._ask = secret

    def __missing__(self, name: str) -> str:
        if not name.startswith("secret."):
            raise KeyError(name)
        return self._ask(name.removeprefix("secret."))


def _refuse_commit(flow: Flow) -> None:
    if any(isinstance(step, Commit) for step in flow.steps):
        raise ValueError(f"{flow.name} holds a commit and is not played without a record")


def _cookie(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["name"], one["domain"], one["path"]


def _let_pass(seconds: float) -> None:
    threading.Event().wait(seconds)
