"""The store seen from a test: a process in a Python of its own, asked for deeds, one JSON line each way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.market.seller import ROOT

QUICK = ("--no-deps", "--no-input", "--retries", "1", "--timeout", "15")


@dataclass(frozen=True)
class Software:
    """A published shop. `group`: its pinned packages in pyproject.toml; `package`: the module with its settings and deeds."""

    group: str
    package: str

    @property
    def venv(self) -> Path:
        return ROOT / ".store" / self.group

    @property
    def empty(self) -> Path:
        """Its database without a row: migrations take half a minute, and are run once."""
        return self.venv / "empty.db"

    @property
    def python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def command(self, *words: str) -> list[str]:
        return [str(self.python), "-W", "ignore", "-m", "tests.store.serve", self.package, *words]


OSCAR = Software("oscar", "tests.store")
CARTRIDGE = Software("cartridge", "tests.store.cartridge")


class NoStore(Exception):
    """One sentence: why there is no store to test against."""


def install(software: Software) -> None:
    """Make the Python that has its pinned packages, at the first need. Raises NoStore."""
    software.venv.parent.mkdir(exist_ok=True)
    with FileLock(software.venv.with_suffix(".lock")):  # tests run side by side
        _install(software)


def _install(software: Software) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned: list[str] = project["optional-dependencies"][software.group]
    ready = software.venv / "ready.json"
    if ready.exists() and json.loads(ready.read_text(encoding="utf-8")) == pinned:
        return
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(software.venv)],
        [str(software.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *QUICK, *pinned],
    ):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason told"])[-1]
            raise NoStore(f"The packages of the group `{software.group}` could not be installed: {why}")
    software.empty.unlink(missing_ok=True)
    told = {**os.environ, "STORE_FOLDER": str(software.venv), "STORE_DATABASE": software.empty.name, "PYTHONUTF8": "1"}
    subprocess.run(software.command("--only-migrate"), cwd=ROOT, env=told, check=True)
    ready.write_text(json.dumps(pinned), encoding="utf-8")


class Store:
    """One store: its process, its address, and its deeds (deeds.py) by name: `store.deed("books")`."""

    def __init__(self, software: Software, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(software.empty, folder / "store.db")
        self._process = subprocess.Popen(
            software.command("0"),
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
