"""The scripts themselves: an old Python is refused in one sentence, the parts of the checks are those agreed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import _start
import _work
import pytest
from _setup import NotReady

ROOT = Path(__file__).resolve().parents[2]
STARTED = sorted(
    path for path in (ROOT / "scripts").glob("*.py") if path.name not in ("_setup.py", "_work.py", "words.py", "screenshots.py")
)


@pytest.mark.parametrize("script", STARTED, ids=lambda path: path.name)
def test_any_python_can_read_what_is_started(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 4))
    assert text.isascii(), "Python 2 reads ASCII only"
    assert "__future__" not in text
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not any(node.returns or any(argument.annotation for argument in node.args.args) for node in functions)
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_an_old_python_is_told_one_sentence_with_a_command(system: str) -> None:
    told = _start.too_old((3, 8, 18, "final", 0), system)
    assert "3.8.18" in told
    assert "; type: " in told
    assert "\n" not in told


def test_an_old_python_ends_before_the_work_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_start, "NEEDED", (99, 0))
    monkeypatch.setitem(sys.modules, "_work", None)
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        _start.start("checks")


def test_every_part_of_the_checks_in_its_order() -> None:
    parts = _work.parts(Path("python"), ["-k", "one"])
    assert list(parts) == ["ruff check", "ruff format", "mypy", "site files", "words", "pytest"]
    assert parts["pytest"] == ["python", "-m", "pytest", *_work.SIDE_BY_SIDE, "-k", "one"]


def test_the_first_failure_is_the_exit_code_and_all_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert _work.report({"set-up": 0.04, "mypy": 12.34}, {}) == 0
    assert _work.report({"set-up": 0.04}, {"mypy": 3, "pytest": 1}) == 3
    assert capsys.readouterr().out.splitlines() == [
        "Seconds: set-up 0.0 · mypy 12.3",
        "Seconds: set-up 0.0",
        "Failed: mypy, pytest",
    ]


def test_what_is_missing_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    def missing() -> int:
        raise NotReady("Nothing is there; type: get it")

    assert _work.guarded(missing) == 2
    assert capsys.readouterr().err == "Nothing is there; type: get it\n"


def test_handing_over_keeps_the_exit_code_and_the_persons_folder(tmp_path: Path) -> None:
    program = f"import sys; sys.path.append({str(ROOT / 'scripts')!r}); import _work; " + (
        "sys.exit(_work.hand_over([sys.executable, '-c', 'import os, sys; print(os.getcwd()); sys.exit(7)'], {}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout.strip()) == (7, str(tmp_path))
