"""A session in a thread of its own. Asked from the main thread; what it calls back is run there, where the ledger is.

Several desks sign in side by side: `start` returns at once, `finish` waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from agent.browser.last_look import LastLook
from agent.browser.panel import show_beside
from agent.browser.retouch import mend
from agent.browser.session import Session
from agent.browser.stage import Values
from agent.browser.survey import Survey
from agent.browser.watching import Answer, Rewording, StepInfo, Watcher
from agent.errors import AgentError, PageChanged, PageLost
from agent.models import CommitFacts, CommitOutcome, Reading
from agent.sites.definition import Site

T = TypeVar("T")
HEARD = 0.5  # seconds between two looks whether the thread that asked is still there


@dataclass(frozen=True)
class _Job:
    """Something to be done in the desk's thread; its end is put into `answers`."""

    work: Callable[[Session], Any]
    answers: SimpleQueue[_CallBack | Future[Any]]
    hurried: bool


@dataclass(frozen=True)
class _CallBack:
    """Something the desk's thread wants done in the thread that asked, and waits for."""

    work: Callable[[], Any]
    done: Future[Any]


class Desk:
    """One account's session, asked from another thread. One question at a time."""

    def __init__(self, make: Callable[[Watcher], Session], watch: Watcher, changed: Mapping[str, int] | None = None) -> None:
        """`make` is called in the desk's thread, with the watcher to use there. `changed`: what the last run left of it.

        While somebody looks on, its steps are run in the thread that asks, and desks that sign in side by side wait for
        one another at them.
        """
        self.hurried = False  # what is asked for now is for a click that comes right after: with the shortest pauses
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._asked: _Job | None = None
        self._make = make
        self._watch: Watcher = _CalledBack(self, watch) if watch.outlines else watch
        self.changed = dict(changed or {})  # how often in a row each flow met another page
        self._lost: dict[str, int] = {}  # how often in a row each flow got no answer
        self._deserted = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    # ---- asked from the main thread

    def start(self) -> None:
        """Start the thread and begin to sign in; returns at once."""
        self._thread.start()
        self._asked = self._put(lambda session: session.sign_in(), hurried=False)

    def finish(self) -> None:
        """Wait until signed in. Raises what the sign-in raised."""
        if self._asked is None:
            return
        asked, self._asked = self._asked, None
        self._await(asked)

    def sign_in(self) -> None:
        self._ask(lambda session: session.sign_in())

    def sign_in_by_hand(self, patience: float) -> None:
        self._ask(lambda session: session.sign_in_by_hand(patience))

    def play(self, flow: str, values: Values) -> Reading:
        with self._counted(flow):
            return self._ask(lambda session: session.play(flow, values))

    def survey(self, flow: str, values: Values, *, page: str = "", skeletons: bool = False) -> Survey:
        """Play a flow without commit, or only open a `page`, and count what the locators hit."""
        return self._ask(lambda session: session.survey(flow, values, page=page, skeletons=skeletons))

    def commit(self, flow: str, values: Values, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        """`record` is run in the thread that asks, before the click, to which it goes with the shortest pauses."""

        def work(session: Session) -> CommitOutcome:
            return session.commit(flow, values, lambda facts: self._call_back(lambda: record(facts)))

        with self._counted(flow):
            return self._ask(work, hurried=True)

    @contextmanager
    def _counted(self, flow: str) -> Iterator[None]:
        try:
            yield
        except PageChanged:
            self.changed[flow] = self.changed.get(flow, 0) + 1
            raise
        except PageLost:
            self._lost[flow] = self._lost.get(flow, 0) + 1
            raise
        self.changed[flow] = self._lost[flow] = 0

    @property
    def lost_in_a_row(self) -> int:
        """How often in a row the flow that fares worst got no answer from the site."""
        return max(self._lost.values(), default=0)

    def rehearse(self, flow: str, values: Values) -> dict[str, str]:
        """What the page of a writing flow shows at its commit, which is not done; the page is left."""
        with self._counted(flow):
            return self._ask(lambda session: session.rehearse(flow, values))

    def point_out(self, title: str, lines: tuple[str, ...]) -> None:
        """Show a person what is looked for, where there is a window."""
        self._ask(lambda session: show_beside(session.stage, title, lines))

    def mend(self, page: str, name: str, *, by_mouse: bool) -> bool:
        """Have a person give another locator for a place of the page that is open; whether it was kept in the site file."""
        return self._ask(lambda session: mend(session.stage, page, name, by_mouse=by_mouse))

    def keep_look(self, page: str) -> None:
        self._ask(lambda session: session.keep_look(page))

    def last_look(self, page: str) -> LastLook:
        return self._ask(lambda session: session.last_look(page))

    def picture(self, name: str) -> Path:
        return self._ask(lambda session: session.picture(name))

    def close_pages(self) -> None:
        self._ask(lambda session: session.close_pages())

    def counters(self) -> dict[str, int]:
        return self._ask(lambda session: session.counters())

    def close(self) -> None:
        """Close the browser and end the thread."""
        if not self._thread.is_alive():
            return
        try:
            self._ask(lambda session: session.close())
        finally:
            self._jobs.put(None)
            self._thread.join()

    # ---- between the threads

    def _ask(self, work: Callable[[Session], T], *, hurried: bool = False) -> T:
        if not self._thread.ident:
            self._thread.start()
        if self._asked is not None:
            self.finish()
        return cast(T, self._await(self._put(work, hurried=hurried or self.hurried)))

    def _put(self, work: Callable[[Session], Any], *, hurried: bool) -> _Job:
        job = _Job(work, SimpleQueue(), hurried)
        self._jobs.put(job)
        return job

    def _await(self, job: _Job) -> Any:
        """Wait for the end of a job, doing meanwhile what it calls back for."""
        while True:
            try:
                answer = job.answers.get()
            except BaseException:  # Ctrl-C while the desk is at work: from here on nobody hears what it calls back for
                self._deserted.set()
                raise
            if isinstance(answer, Future):
                return answer.result()
            _settle(answer.done, answer.work)

    def _serve(self) -> None:
        session: Session | None = None
        while (job := self._jobs.get()) is not None:
            self._doing = job
            end: Future[Any] = Future()
            try:
                session = session or self._make(self._watch)
                session.hurry(job.hurried)
                end.set_result(job.work(session))
            except BaseException as error:  # crosses over with its traceback, whatever it is
                end.set_exception(error)
            job.answers.put(end)

    def _call_back(self, work: Callable[[], Any]) -> Any:
        """Called in the desk's thread: have this done in the thread that asked. Raises KeyboardInterrupt where that has gone."""
        call = _CallBack(work, Future())
        self._doing.answers.put(call)
        while not wait([call.done], HEARD).done:
            if self._deserted.is_set():
                raise KeyboardInterrupt
        return call.done.result()


@dataclass(frozen=True)
class _CalledBack:
    """A watcher in the desk's thread that is asked in the thread that asked the desk."""

    desk: Desk
    watch: Watcher

    @property
    def outlines(self) -> bool:
        return self.watch.outlines

    def step(self, info: StepInfo) -> bool:
        return bool(self.desk._call_back(lambda: self.watch.step(info)))

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        return bool(self.desk._call_back(lambda: self.watch.failed(info, error)))

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        return cast("Answer | None", self.desk._call_back(lambda: self.watch.answer(pressed, seconds)))

    def tell(self, words: str) -> None:
        self.desk._call_back(lambda: self.watch.tell(words))

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        return cast("int | None", self.desk._call_back(lambda: self.watch.choose(question, choices)))

    def line(self, question: str, before: str) -> str:
        return str(self.desk._call_back(lambda: self.watch.line(question, before)))

    def keep(self, change: Rewording) -> Site | None:
        return cast("Site | None", self.desk._call_back(lambda: self.watch.keep(change)))


def _settle(done: Future[Any], work: Callable[[], Any]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:  # crosses over with its traceback, whatever it is
        done.set_exception(error)
