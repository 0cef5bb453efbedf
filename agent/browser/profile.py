"""The kept profile of an account that has a Chrome of its own: its folder, its lock, and what is set in it before a start.

Knows files and processes; starts no browser (launch.py) and knows nothing of sites. What lies in a profile is the
seller's sign-in: nobody else may read it, and nothing of it is ever copied.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from agent.errors import PersonNeeded
from agent.words import _

PRIVATE = 0o700
PATIENCE = 5.0  # seconds for a browser whose program just ended to end, too
LOCK = "SingletonLock"  # a link to "host-pid", where the system has links
WINDOWS_LOCK = "lockfile"  # held open by the browser, so it cannot be deleted while that lives
OF_A_LOCK = (LOCK, "SingletonCookie", "SingletonSocket")
BROWSERS = (b"chrom", b"edge", b"user-data-dir")  # what the command line of any browser of ours or a person's holds
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that locked a profile, and the computer it runs on."""

    host: str
    pid: int


def take_profile(folder: Path) -> None:
    """Make the profile ready for a start: private, free, without the tabs of last time. Raises PersonNeeded while it is open."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    folder.mkdir(exist_ok=True, mode=PRIVATE)
    folder.chmod(PRIVATE)
    clear_stale_lock(folder, PATIENCE)
    shutil.rmtree(folder / "Default" / "Sessions", ignore_errors=True)  # a page of an order that came back would order again


def set_preferences(folder: Path, told: dict[str, dict[str, object]]) -> None:
    """Set these in the profile's preferences; all others stay as they are."""
    path = folder / "Default" / "Preferences"
    path.parent.mkdir(exist_ok=True)
    kept = _preferences(path)
    for group, settings in told.items():
        old = kept.get(group)
        kept[group] = {**(old if isinstance(old, dict) else {}), **settings}
    path.write_text(json.dumps(kept), encoding="utf-8")


def _preferences(path: Path) -> dict[str, object]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or damaged: Chrome would begin anew as well
        return {}
    return kept if isinstance(kept, dict) else {}


def clear_stale_lock(folder: Path, patience: float = 0.0) -> None:
    """Delete the lock of a browser that died. Raises PersonNeeded unless its death is proven within `patience` seconds."""
    end = time.monotonic() + patience
    while not _freed(folder):
        if time.monotonic() >= end:
            raise _open_already(folder)
        time.sleep(0.1)  # for another process to end: it gives no sign


def _freed(folder: Path) -> bool:
    try:
        (folder / WINDOWS_LOCK).unlink(missing_ok=True)
    except PermissionError:
        return False
    if not os.path.lexists(folder / LOCK):
        return True
    owner = owner_of(folder)
    if owner is None or not is_dead(owner):
        return False
    for name in OF_A_LOCK:
        (folder / name).unlink(missing_ok=True)
    return True


def owner_of(folder: Path) -> Owner | None:
    """Who locked the profile; None where nobody did, or where the lock does not say."""
    try:
        host, _dash, pid = os.readlink(folder / LOCK).rpartition("-")
    except OSError:
        return None
    return Owner(host, int(pid)) if host and pid.isdecimal() and int(pid) > 0 else None


def is_dead(owner: Owner) -> bool:
    """Whether the owner provably runs no more: never proven of another computer's, nor of one that may be a browser."""
    if os.name != "posix" or owner.host != socket.gethostname():
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _is_another_program(owner.pid)


def _is_another_program(pid: int) -> bool:
    """Whether the number was given to another program since; only Linux tells what a process was started with."""
    try:
        line = (PROCESSES / str(pid) / "cmdline").read_bytes().lower()
    except OSError:
        return False
    return not any(word in line for word in BROWSERS)


def _open_already(folder: Path) -> PersonNeeded:
    owner = owner_of(folder)
    who = _("process {pid} on {host}").format(pid=owner.pid, host=owner.host) if owner else _("process unknown")
    return PersonNeeded(
        _("The account's own Chrome is open already ({})").format(who),
        todo=_("Close that window of Chrome; the next run goes on. If there is none any more, delete {}").format(folder / LOCK),
        reason="window_open",
    )
