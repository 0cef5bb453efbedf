"""The program in a terminal of its own: what it prints is waited for, keys are struck, and it is seen to end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.market.seller import ROOT

LONGEST = 120.0  # seconds after which words that do not come fail the test
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r")


def _heeds_ctrl_c() -> None:
    """As in a terminal: what a shell starts in the background is deaf to it, and so is all that is started from there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A process whose standard input, output and error are a terminal of so many columns. `window`: of a size that may change."""

    def __init__(
        self,
        home: Path,
        words: Sequence[str],
        *,
        columns: int = 110,
        window: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> None:
        ours, its = pty.openpty()
        self._ours = ours
        self.resize(columns)
        told = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": str(columns), "LINES": "40", "TERM": "xterm"}
        if window:
            del told["COLUMNS"], told["LINES"]
        told |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **(env or {})}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agent", "--language", "en", "--home", str(home), *words],
            cwd=ROOT,
            env=told,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            preexec_fn=_heeds_ctrl_c,
        )
        os.close(its)
        self.text = ""
        self._read = 0  # how far what it printed was waited for

    def resize(self, columns: int) -> None:
        """Draw the window wider or narrower."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def until(self, *words: str) -> str:
        """Wait until it prints one of these; what came up to there. What came before is not looked at again."""
        end = time.monotonic() + LONGEST
        while True:
            found = [(at, one) for one in words if (at := self.text.find(one, self._read)) >= 0]
            if found:
                at, one = min(found)
                told, self._read = self.text[self._read : at + len(one)], at + len(one)
                return told
            if time.monotonic() > end or not self._more():
                raise AssertionError(f"{words} never came; it printed:\n{self.text[-3000:]}")

    def strike(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def interrupt(self) -> None:
        """What Ctrl-C is to a program."""
        self.process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        end = time.monotonic() + LONGEST
        while self._more():
            if time.monotonic() > end:
                raise AssertionError(f"it does not end; it printed:\n{self.text[-3000:]}")
        return self.process.wait(LONGEST)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._ours)

    def _more(self) -> bool:
        """Read what is there; whether there may be more."""
        if not select.select([self._ours], [], [], 1.0)[0]:
            return self.process.poll() is None
        try:
            got = os.read(self._ours, 65536)
        except OSError:  # its end is closed
            return False
        self.text += _CONTROL.sub("", got.decode("utf-8", "replace"))
        return bool(got)
