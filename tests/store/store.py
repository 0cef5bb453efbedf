"""The store seen from a test: a process in a Python of its own, asked for deeds, one JSON line each way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.market.seller import ROOT

VENV = ROOT / ".store"
QUICK = ("--no-deps", "--no-input", "--retries", "1", "--timeout", "15")
EMPTY = VENV / "empty.db"  # Oscar's migrations take half a minute; they are run once
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class NoStore(Exception):
    """One sentence: why there is no store to test against."""


def python_of_store() -> Path:
    """The Python that has the pinned packages of the `store` group; made at the first need. Raises NoStore."""
    pinned: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]["store"]
    ready = VENV / "ready.json"
    if ready.exists() and json.loads(ready.read_text(encoding="utf-8")) == pinned:
        return PYTHON
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *QUICK, *pinned],
    ):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason told"])[-1]
            raise NoStore(f"The packages of the group `store` could not be installed: {why}")
    EMPTY.unlink(missing_ok=True)
    told = {**os.environ, "STORE_FOLDER": str(VENV), "STORE_DATABASE": EMPTY.name, "PYTHONUTF8": "1"}
    subprocess.run([str(PYTHON), "-W", "ignore", "-m", "tests.store.serve", "--only-migrate"], cwd=ROOT, env=told, check=True)
    ready.write_text(json.dumps(pinned), encoding="utf-8")
    return PYTHON


class Store:
    """One store: its process, its address, and its deeds (deeds.py) by name: `store.deed("books")`."""

    def __init__(self, python: Path, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EMPTY, folder / "store.db")
        self._process = subprocess.Popen(
            [str(python), "-W", "ignore", "-m", "tests.store.serve", "0"],
            cwd=ROOT,
            env={**os.environ, "STORE_FOLDER": str(folder), "STORE_NAME": name, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.host = f"127.0.0.1:{self._answer()['port']}"
        self.address = f"http://{self.host}"

    def deed(self, deed: str, **told: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"deed": deed, **told}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the store ended with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
