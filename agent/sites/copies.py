"""A site file to begin from: a copy under another name, in which nothing counts as seen yet."""

from __future__ import annotations

import re

from agent.sites.definition import WAYS

GUESS = "guess"  # a comment that begins so: this line was seen nowhere
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_FOUND_BY = re.compile(rf"^\s+(?:\w+:\s+|-\s+)?(?:\"|')?(?:{'|'.join(WAYS)})=|^signed_in_as:|^\s+open_at:")
_COLUMN = 42  # where comments begin, as far as lines are short enough
_COMMENT = re.compile(r"\s{2,}# ?(.*)$")


def may_be_named(name: str) -> bool:
    """Whether a site file may have this name: small letters, digits, - and _."""
    return _NAME.fullmatch(name) is not None


def copied(text: str, name: str) -> str:
    """The text of a site file as one of another site: its name changed, every line that finds or opens something marked `# guess`."""
    lines = re.sub(r"(?m)^site:.*$", f"site: {name}", text, count=1).splitlines()
    return "\n".join(guessed(line) if _FOUND_BY.match(line) else line for line in lines) + "\n"


def guessed(line: str) -> str:
    """The line marked as seen nowhere."""
    told = _COMMENT.search(line)
    if told is None:
        return f"{line:<{_COLUMN}}  # {GUESS}"
    if told[1].lower().startswith(GUESS):
        return line
    return f"{line[: told.start(1)]}{GUESS}: {told[1]}"
