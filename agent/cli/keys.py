"""One key at a time from the terminal, without Enter behind it; a line at a time where standard input is no terminal.

The only place that knows how Windows reads a key.
"""

from __future__ import annotations

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
        if not select.select([sys.stdin], [], [], seconds)[0]:
            return ""
        return sys.stdin.read(1) or END if sys.stdin.isatty() else _first(sys.stdin.readline())


def _first(line: str) -> str:
    """The key that a line stands for: its first letter, Enter for an empty one."""
    return (line.strip()[:1] or ENTER) if line else END
