"""Set-up: what the stamp vouches for, what is done when something is missing, and in which words it is told."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import _setup
import pytest
from _setup import NotReady, Stamp

ROOT = Path(__file__).resolve().parents[2]
Answer = Callable[[Sequence[str]], tuple[int, str]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout whose `.venv` is there but holds nothing."""
    python = tmp_path / ".venv" / "python"
    python.parent.mkdir()
    python.write_text("")
    (tmp_path / "requirements.txt").write_text("click==1\n")
    monkeypatch.setattr(_setup, "ROOT", tmp_path)
    monkeypatch.setattr(_setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(_setup, "PYTHON", python)
    monkeypatch.setattr(_setup, "STAMP", tmp_path / ".venv" / "ready.json")
    monkeypatch.setattr(_setup, "LOCK", tmp_path / ".venv.lock")
    monkeypatch.setattr(_setup, "MADE_OF", (tmp_path / "requirements.txt",))
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], list[str]]:
    """Replaces the running of commands by the given answer; returns the list of what was asked to run."""

    def install(answer: Answer) -> list[str]:
        ran: list[str] = []

        def run(command: Sequence[str], *_more: object, **_named: object) -> CompletedProcess[str]:
            ran.append(" ".join(str(part) for part in command[1:]))
            code, output = answer(command)
            return CompletedProcess(command, code, stdout=output)

        monkeypatch.setattr(_setup, "run", run)
        return ran

    return install


def all_well(command: Sequence[str]) -> tuple[int, str]:
    return 0, f"Browser: Chromium\n{__file__}" if "agent.browser.launch" in command else "font.ttc"


def test_the_second_start_runs_nothing(checkout: Path, commands: Callable[[Answer], list[str]]) -> None:
    ran = commands(all_well)
    _setup.prepare(must_have_browser=True)
    assert sum("pip install" in command for command in ran) == 2
    ran.clear()
    _setup.prepare(must_have_browser=True)
    assert ran == []


def test_a_changed_pin_installs_again_and_looks_for_no_browser(checkout: Path, commands: Callable[[Answer], list[str]]) -> None:
    ran = commands(all_well)
    _setup.prepare(must_have_browser=True)
    ran.clear()
    (checkout / "requirements.txt").write_text("click==2\n")
    _setup.prepare(must_have_browser=True)
    assert sum("pip install" in command for command in ran) == 2
    assert not any("agent.browser.launch" in command for command in ran)


def test_another_python_under_the_same_name_makes_the_venv_anew(
    checkout: Path, commands: Callable[[Answer], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = commands(all_well)
    _setup.prepare(must_have_browser=True)
    ran.clear()
    monkeypatch.setattr(_setup, "real_path", lambda path: "/usr/bin/python3.12")
    _setup.prepare(must_have_browser=True)
    assert any("-m venv --clear" in command for command in ran)


def test_a_browser_that_is_gone_is_looked_for_again(checkout: Path, commands: Callable[[Answer], list[str]]) -> None:
    ran = commands(all_well)
    _setup.prepare(must_have_browser=True)
    stamp = _setup.read_stamp(_setup.STAMP)
    _setup.write_stamp(_setup.STAMP, Stamp(stamp.made_of, stamp.python, str(checkout / "gone")))
    ran.clear()
    _setup.prepare(must_have_browser=False)
    assert [command for command in ran if "launch" in command] == ["-m agent.browser.launch"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"other": 1}', '"text"'])
def test_a_stamp_that_cannot_be_read_vouches_for_nothing(tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "ready.json"
    stamp.write_text(content)
    assert _setup.read_stamp(stamp) == Stamp()


def test_a_stamp_says_what_was_written(tmp_path: Path) -> None:
    stamp = Stamp("a", "b", "/usr/bin/浏览器")
    _setup.write_stamp(tmp_path / "ready.json", stamp)
    assert _setup.read_stamp(tmp_path / "ready.json") == stamp


def no_browser(command: Sequence[str]) -> tuple[int, str]:
    if "agent.browser.launch" in command:
        return _setup.NOT_FOUND, "No browser was found. Type: winget install Google.Chrome"
    return (1, "getaddrinfo") if "playwright" in command else (0, "font.ttc")


def test_without_a_browser_the_demo_stops_with_one_sentence_and_a_job_goes_on(
    checkout: Path,
    commands: Callable[[Answer], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(_setup, "may_use_apt", lambda: False)
    ran = commands(no_browser)
    with pytest.raises(NotReady, match="winget install"):
        _setup.prepare(must_have_browser=True)
    assert capsys.readouterr().err.count("Playwright's download cannot be reached") == 1
    ran.clear()
    _setup.prepare(must_have_browser=False)
    assert ran == [], "a job does not try the same download at every start"


def test_root_on_debian_gets_browser_and_font_from_apt_once(
    checkout: Path, commands: Callable[[Answer], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    there: set[str] = set()

    def answer(command: Sequence[str]) -> tuple[int, str]:
        if "install" in command and command[0] == "apt-get":
            there.update(command)
        if "agent.browser.launch" in command and "chromium" in there:
            return all_well(command)
        return no_browser(command)

    monkeypatch.setattr(_setup, "may_use_apt", lambda: True)
    monkeypatch.setattr(_setup, "has_chinese_font", lambda: "fonts-noto-cjk" in there)
    ran = commands(answer)
    _setup.prepare(must_have_browser=True)
    with_apt = [command for command in ran if "-qq" in command]
    assert with_apt == ["update -qq", "install -y -qq --no-install-recommends chromium fonts-noto-cjk"]
    assert ran.index("-m playwright install --no-shell chromium") < ran.index("update -qq")


def test_the_quick_browser_of_the_tests_is_asked_for_once(
    checkout: Path, commands: Callable[[Answer], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = commands(lambda command: (100, "") if "apt-get" in command else all_well(command))
    monkeypatch.setattr(_setup, "may_use_apt", lambda: True)
    monkeypatch.setattr(_setup.shutil, "which", lambda name: "/usr/bin/chromium" if name == "chromium" else None)
    _setup.prepare_for_tests()
    asked = "install -y -qq --no-install-recommends chromium-headless-shell"
    assert ran.count(asked) == 1, "it could not be had, and the tests go on without"
    _setup.prepare_for_tests()
    assert ran.count(asked) == 1


def test_beside_playwrights_own_browser_the_quick_one_is_its_own_too(
    checkout: Path, commands: Callable[[Answer], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = commands(
        lambda command: (
            (0, "Browser: Chromium, downloaded by Playwright\n") if "agent.browser.launch" in command else all_well(command)
        )
    )
    monkeypatch.setattr(_setup, "may_use_apt", lambda: True)
    _setup.prepare_for_tests()
    _setup.prepare_for_tests()
    assert ran.count("-m playwright install --only-shell chromium") == 1
    assert not [command for command in ran if "chromium-headless-shell" in command]


def test_a_failing_pip_shows_its_last_lines_and_the_command(
    checkout: Path, commands: Callable[[Answer], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    noise = "\n".join(f"line {n}" for n in range(100))
    commands(lambda command: (1, noise) if "pip" in command else (0, ""))
    with pytest.raises(NotReady, match="-m pip install -r") as refused:
        _setup.prepare(must_have_browser=True)
    told = capsys.readouterr().err
    assert "line 99" in told
    assert "line 50" not in told
    assert "\n" not in str(refused.value)
    assert not _setup.STAMP.exists()


def test_a_python_without_venv_is_told_the_package(checkout: Path, commands: Callable[[Answer], list[str]]) -> None:
    commands(lambda command: (1, "ensurepip is not available") if "venv" in command else (1, ""))
    with pytest.raises(NotReady, match=r"apt-get install -y python3\.\d+-venv$"):
        _setup.prepare(must_have_browser=True)


def test_a_program_that_is_not_there_or_hangs_is_a_failure_not_a_crash() -> None:
    assert _setup.run(["no-such-program-at-all"]).returncode == 127
    assert _setup.run([sys.executable, "-c", "input(); print('read')"]).returncode == 1, "nobody can be asked"


def pins(lines: Sequence[str]) -> dict[str, str]:
    found = (re.match(r"([\w.-]+)==([\w.]+)", line) for line in lines)
    return {match[1].lower().replace("_", "-"): match[2] for match in found if match}


def test_the_pins_are_those_of_pyproject_and_name_no_server() -> None:
    told = (ROOT / "scripts" / "requirements.txt").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = pins(told.splitlines())
    assert pins([*project["dependencies"], *project["optional-dependencies"]["test"]]).items() <= pinned.items()
    assert "://" not in told
    assert len(pinned) == len([line for line in told.splitlines() if line and not line.startswith("#")]), "every line is a pin"
