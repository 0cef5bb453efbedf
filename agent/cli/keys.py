"""One key at a time from the terminal, without Enter behind it; a line at a time where standard input is no terminal.

The only place that knows how Windows reads a key.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENTER = "\n"
END = "\x04"  # Ctrl-D, and the end of a pipe
LOOK = 0.02  # seconds between two looks at a Windows console

if sys.platform == "win32":
    import msvcrt
    import time

    @contextmanager
    def key_by_key() -> Iterator[None]:
        """Keys are not echoed, and come as they are struck."""
        yield

    def key(seconds: float) -> str:
        """The next key within so many seconds, Enter as a line feed; "" for none."""
        if not sys.stdin.isatty():
            return _line(seconds)
        end = time.monotonic() + seconds
        while not msvcrt.kbhit():
            if time.monotonic() >= end:
                return ""
            threading.Event().wait(LOOK)
        struck = msvcrt.getwch()
        if struck == "\x03":
            raise KeyboardInterrupt
        return ENTER if struck == "\r" else struck

    def line_comes(seconds: float) -> bool:
        """Whether somebody began to write a line within so many seconds."""
        threading.Event().wait(seconds)
        return not sys.stdin.isatty() or msvcrt.kbhit()

    def forget() -> None:
        """What was struck so far answers nothing that is asked from here on."""
        while sys.stdin.isatty() and msvcrt.kbhit():
            msvcrt.getwch()

    def _line(_seconds: float) -> str:
        return _first(sys.stdin.readline())

else:
    import termios
    import tty

    @contextmanager
    def key_by_key() -> Iterator[None]:
        """Keys are not echoed, and come as they are struck. The terminal is as before afterwards."""
        if not sys.stdin.isatty():
            yield
            return
        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin, termios.TCSANOW)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSANOW, before)

    def key(seconds: float) -> str:
        """The next key within so many seconds, Enter as a line feed; "" for none."""
        if not _ready(seconds):
            return ""
        struck = os.read(sys.stdin.fileno(), 1)
        if not sys.stdin.isatty():
            while struck and not struck.endswith(b"\n") and (more := os.read(sys.stdin.fileno(), 1)):
                struck += more
            return _first(struck.decode("utf-8", "replace"))
        while struck[:1] > b"\x7f" or struck[:1] == b"\x1b":  # a letter of several bytes, or an arrow key: one key
            if not _ready(0):
                break
            struck += os.read(sys.stdin.fileno(), 1)
        return struck.decode("utf-8", "replace") or END

    def line_comes(seconds: float) -> bool:
        """Whether a line was written within so many seconds."""
        return not sys.stdin.isatty() or _ready(seconds)

    def _ready(seconds: float) -> bool:
        return bool(select.select([sys.stdin], [], [], seconds)[0])

    def forget() -> None:
        """What was struck so far answers nothing that is asked from here on."""
        if sys.stdin.isatty():
            termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _first(line: str) -> str:
    """The key that a line stands for: its first letter, Enter for an empty one."""
    return (line.strip()[:1] or ENTER) if line else END
