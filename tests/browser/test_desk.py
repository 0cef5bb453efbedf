"""How often in a row a desk's flows met another page than the site file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, cast

import pytest

from agent.browser.desk import Desk
from agent.browser.watching import NullWatcher
from agent.errors import Mismatch, PageChanged, PageLost
from agent.models import CommitOutcome, Reading

DONE = CommitOutcome("expected", "", (), (), None)


class Session:
    """Answers each flow with what is put down for it: an error, or well."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception | None] = {}
        self.hurries = False
        self.hurried: list[tuple[str, bool]] = []

    def hurry(self, hurried: bool) -> None:
        self.hurries = hurried

    def play(self, flow: str, _values: object) -> Reading:
        self.hurried.append((flow, self.hurries))
        if error := self.errors.get(flow):
            raise error
        return Reading({}, {}, {})

    def commit(self, flow: str, values: object, _record: Callable[[Any], None]) -> CommitOutcome:
        self.play(flow, values)
        return DONE

    def close(self) -> None: ...


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def desk(session: Session) -> Iterator[Desk]:
    made = Desk(lambda _watcher: cast(Any, session), NullWatcher())
    yield made
    made.close()


def fails(desk: Desk, session: Session, flow: str, error: Exception) -> None:
    session.errors[flow] = error
    with pytest.raises(type(error)):
        desk.commit(flow, {}, lambda _facts: None) if flow == "submit_order" else desk.play(flow, {})
    session.errors[flow] = None


def test_changed_pages_are_counted_by_flow_and_one_that_goes_well_begins_anew(desk: Desk, session: Session) -> None:
    for _time in range(2):
        fails(desk, session, "fill_order", PageChanged("two buttons"))
        desk.play("list_orders", {})
    assert desk.changed["fill_order"] == 2, "another flow that goes well proves nothing of this one"
    fails(desk, session, "submit_order", PageChanged("no button"))
    assert desk.changed == {"fill_order": 2, "list_orders": 0, "submit_order": 1}
    desk.play("fill_order", {})
    assert desk.changed == {"fill_order": 0, "list_orders": 0, "submit_order": 1}
    desk.commit("submit_order", {}, lambda _facts: None)
    assert not any(desk.changed.values())


def test_pages_without_an_answer_are_counted_like_changed_ones(desk: Desk, session: Session) -> None:
    for _time in range(2):
        fails(desk, session, "fill_order", PageLost("error 500"))
        desk.play("list_orders", {})
    assert desk.lost_in_a_row == 2 and not any(desk.changed.values())
    desk.play("fill_order", {})
    assert desk.lost_in_a_row == 0


def test_other_failures_are_no_changed_pages_and_end_no_row(desk: Desk, session: Session) -> None:
    fails(desk, session, "fill_order", PageChanged("two buttons"))
    fails(desk, session, "fill_order", Mismatch("three is not four"))
    assert desk.changed["fill_order"] == 1


def test_what_the_last_run_left_is_counted_on(session: Session) -> None:
    desk = Desk(lambda _watcher: cast(Any, session), NullWatcher(), {"fill_order": 2})
    fails(desk, session, "fill_order", PageChanged("two buttons"))
    assert desk.changed["fill_order"] == 3
    desk.close()


def test_it_hurries_as_it_is_told_and_always_to_a_click(desk: Desk, session: Session) -> None:
    desk.play("read_order", {})
    desk.hurried = True
    desk.play("read_order", {})
    desk.hurried = False
    desk.commit("submit_order", {}, lambda _facts: None)
    desk.play("list_orders", {})
    assert session.hurried == [
        ("read_order", False),
        ("read_order", True),
        ("submit_order", True),
        ("list_orders", False),
    ]


class Deserted(SimpleQueue[Any]):
    """What an interrupt is to a thread that waits for a desk."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        raise KeyboardInterrupt


def test_a_desk_whose_asker_was_interrupted_ends_its_work_and_can_be_closed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[type[BaseException]] = []

    def make(watcher: Any) -> Any:
        def play(_flow: str, _values: object) -> Reading:
            try:
                watcher.step(None)
            except BaseException as error:
                ended.append(type(error))
                raise
            return Reading({}, {}, {})

        monkeypatch.setattr(session, "play", play)
        return session

    desk = Desk(make, NullWatcher(outlines=True))
    with monkeypatch.context() as interrupted:
        interrupted.setattr("agent.browser.desk.SimpleQueue", Deserted)
        with pytest.raises(KeyboardInterrupt):
            desk.play("fill_order", {})
    desk.close()
    assert ended == [KeyboardInterrupt], "nobody was there to be asked, so the step was not done"
