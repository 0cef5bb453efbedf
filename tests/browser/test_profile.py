"""An account's own Chrome: the kept profile, whose lock lies in it, and that nobody else's memory is ever in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.browser import profile
from agent.browser.account import Folders
from agent.browser.connections import close_idle
from agent.browser.launch import NEVER_AHEAD, BrowserChoice, Machine, chrome_of, command_to_install_chrome, has_screen
from agent.browser.profile import Owner, clear_stale_lock, is_dead, owner_of, set_preferences, take_profile
from agent.browser.session import Session
from agent.errors import PersonNeeded
from tests.browser.conftest import account, site_of
from tests.browser.little import Little
from tests.browser.test_session import TEXT, Door

HERE = socket.gethostname()
posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps no lock of this kind")


def locked(folder: Path, owner: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SingletonLock").symlink_to(owner)
    (folder / "SingletonCookie").symlink_to("123")
    return folder


@pytest.fixture
def gone() -> int:
    """The number of a process that ran and ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@pytest.fixture
def living() -> Iterator[int]:
    """A process that calls itself a browser, as far as its command line goes."""
    waits = [sys.executable, "-c", "print(flush=True); input()", "--user-data-dir=somewhere"]
    with subprocess.Popen(waits, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as going:
        assert going.stdout is not None
        going.stdout.readline()
        yield going.pid
        going.kill()


@posix
def test_the_lock_of_a_browser_that_died_is_cleared(tmp_path: Path, gone: int) -> None:
    folder = locked(tmp_path / "one", f"{HERE}-{gone}")
    assert owner_of(folder) == Owner(HERE, gone)
    clear_stale_lock(folder)
    assert list(folder.iterdir()) == []


@posix
def test_the_lock_of_a_living_browser_refuses_and_stays(tmp_path: Path, living: int) -> None:
    folder = locked(tmp_path / "one", f"{HERE}-{living}")
    with pytest.raises(PersonNeeded) as refused:
        clear_stale_lock(folder)
    assert str(living) in refused.value.what and refused.value.reason == "window_open"
    assert "Close that window" in refused.value.todo and "SingletonLock" in refused.value.todo
    assert owner_of(folder) == Owner(HERE, living)


@posix
@pytest.mark.parametrize("owner", ["another-computer-{}", "nonsense", "{}"])
def test_a_lock_that_proves_nothing_refuses(tmp_path: Path, gone: int, owner: str) -> None:
    folder = locked(tmp_path / "one", owner.format(gone))
    with pytest.raises(PersonNeeded):
        clear_stale_lock(folder)
    assert os.path.lexists(folder / "SingletonLock")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="only Linux tells what a process was started with")
def test_a_number_that_another_program_has_now_is_no_living_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with waits as going:
        assert going.stdout is not None
        going.stdout.readline()
        assert is_dead(Owner(HERE, going.pid)) == ("chrom" not in sys.executable)
        monkeypatch.setattr(profile, "PROCESSES", tmp_path)  # a system that does not tell
        assert not is_dead(Owner(HERE, going.pid))
        going.kill()


def test_a_profile_is_its_owners_alone_and_holds_no_tabs_of_last_time(tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "one"
    (folder / "Default" / "Sessions").mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "Default" / "Sessions" / "Tabs_1").touch()
    take_profile(folder)
    assert not (folder / "Default" / "Sessions").exists()
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    fresh = tmp_path / "others" / "two"
    take_profile(fresh)
    if os.name == "posix":
        assert [stat.S_IMODE(each.stat().st_mode) for each in (fresh, fresh.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("before", ['{"net": {"kept": 1}, "intl": {"kept": 2}}', "{", "[]", None])
def test_only_what_is_set_changes_in_the_preferences(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "Default" / "Preferences"
    if before is not None:
        path.parent.mkdir()
        path.write_text(before, encoding="utf-8")
    set_preferences(tmp_path, {"net": {"network_prediction_options": NEVER_AHEAD}})
    kept = json.loads(before) if before and "kept" in before else {}
    assert json.loads(path.read_text(encoding="utf-8")) == {
        **kept,
        "net": {**kept.get("net", {}), "network_prediction_options": 2},
    }


def test_chrome_is_told_from_its_kin_and_a_screen_from_none() -> None:
    def machine(system: str, *programs: str, **environment: str) -> Machine:
        return Machine(system, {"PATH": "/usr/bin", **environment}, "/", False, lambda path: path in programs, lambda: False)

    assert chrome_of(machine("Linux", "/usr/bin/chromium")) is None
    assert chrome_of(machine("Linux", "/usr/bin/chromium", "/usr/bin/google-chrome")) == "/usr/bin/google-chrome"
    assert command_to_install_chrome(machine("Windows")) == "winget install Google.Chrome"
    assert "playwright install chrome" in command_to_install_chrome(machine("Darwin"))
    assert [has_screen(machine("Linux")), has_screen(machine("Linux", DISPLAY=":0")), has_screen(machine("Darwin"))] == [
        False,
        True,
        True,
    ]


Make = Callable[..., Session]


def in_own_thread(work: Callable[[], Any]) -> Any:
    """What `work` gives, or raises: a second Playwright cannot be started in a thread that has one."""
    told: list[Any] = []

    def done() -> None:
        try:
            told.append(work())
        except BaseException as error:
            told.append(error)

    thread = threading.Thread(target=done)
    thread.start()
    thread.join()
    if isinstance(told[0], BaseException):
        raise told[0]
    return told[0]


@pytest.fixture
def session(little: Little, whole: BrowserChoice, tmp_path: Path) -> Make:
    """Sessions of accounts with a Chrome of their own: the program's own browser, started anew each time."""

    def make(name: str) -> Session:
        told = account(little, wait_for_page=30)
        told.name, told.browser = name, "own_chrome"
        folders = Folders(
            tmp_path / "sign-ins", tmp_path / "evidence", tmp_path / "profiles", tmp_path / "files", tmp_path / "steps"
        )
        return Session(
            told, site_of(tmp_path, TEXT), browser=whole, folder=folders, secret=lambda word: f"the-{word}", headed=False
        )

    return make


@pytest.mark.parametrize("lasts", ["; Max-Age=86400", ""], ids=["by itself", "put back"])
def test_a_sign_in_outlives_its_browser_and_is_no_other_accounts(
    little: Little, session: Make, tmp_path: Path, lasts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.browser.connections.PATIENCE", 60_000)
    door = Door(little)
    door.lasts = lasts

    def visit(name: str) -> dict[str, str]:
        one = session(name)
        try:
            one.sign_in()
            assert one.play("read_order", {}).values == {"total": 100}
            assert close_idle(one.stage.context), "what keeps a commit from being sent twice works here as well"
            return {cookie["name"]: cookie["value"] for cookie in one.stage.context.cookies()}  # type: ignore[typeddict-item]
        finally:
            one.close()
            if lasts:
                shutil.rmtree(tmp_path / "sign-ins")  # the profile alone remembers it

    first = in_own_thread(lambda: visit("mall-a"))
    assert in_own_thread(lambda: visit("mall-a")) == first and door.signed_in == 1
    other = in_own_thread(lambda: visit("mall-b"))
    assert door.signed_in == 2 and other["sid"] != first["sid"]
    assert in_own_thread(lambda: visit("mall-a")) == first and door.signed_in == 2
    assert sorted(each.name for each in (tmp_path / "profiles").iterdir()) == ["mall-a", "mall-b"]


@posix
def test_a_profile_that_a_browser_has_open_closes_the_account(
    little: Little, session: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    Door(little)
    monkeypatch.setattr("agent.browser.profile.PATIENCE", 0.2)

    def both() -> None:
        first = session("mall-a")
        first.sign_in()
        try:
            with pytest.raises(PersonNeeded, match="open already") as refused:
                in_own_thread(lambda: _tried(session("mall-a")))
            assert refused.value.where.account == "mall-a"
            assert first.play("read_order", {}).values == {"total": 100}, "the open one was disturbed"
        finally:
            first.close()

    in_own_thread(both)


def _tried(second: Session) -> None:
    try:
        second.sign_in()
    finally:
        second.close()


PERSON = """<script>setTimeout(() => {
  const [name, word] = document.querySelectorAll("input");
  name.value = "the-user_name"; word.value = "the-password"; document.forms[0].submit();
}, 1500)</script>"""


def test_a_person_signs_in_while_it_waits(little: Little, session: Make) -> None:
    door = Door(little)
    login = door.login

    def by_hand() -> object:
        one = session("mall-a")
        try:
            with pytest.raises(PersonNeeded, match="Nobody signed in") as nobody:
                one.sign_in_by_hand(0.3)
            assert nobody.value.where.account == "mall-a" and little.posts == []
            little.pages["/login"] = lambda asked: told + PERSON if isinstance(told := login(asked), str) else told
            one.sign_in_by_hand(30)
            one.sign_in_by_hand(0.3)  # it stands already
            return one.play("read_order", {}).values["total"]
        finally:
            one.close()

    assert in_own_thread(by_hand) == 100 and door.signed_in == 1 and len(little.posts) == 1


def test_a_sign_in_lost_on_the_way_leaves_what_the_site_knows_the_browser_by(little: Little, session: Make) -> None:
    door = Door(little)

    def lose_it() -> set[str]:
        one = session("mall-a")
        try:
            one.sign_in()
            one.stage.context.add_cookies([{"name": "device", "value": "d1", "domain": "127.0.0.1", "path": "/device"}])
            door.lets_in.clear()
            one.play("read_order", {})
            return {cookie["name"] for cookie in one.stage.context.cookies()}  # type: ignore[typeddict-item]
        finally:
            one.close()

    assert in_own_thread(lose_it) == {"sid", "device"}
