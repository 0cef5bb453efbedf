"""Keeps the Chinese catalogue complete: `.venv/bin/python scripts/words.py` updates it, `--check` only looks.

Every text that the program marks with `_()` or `later()` stands once in `agent/locale/zh.po`, under the file that has it
first. New ones are added without a translation, those no longer used are dropped. Ends with 1 while one is untranslated
or has other placeholders than the English.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "agent" / "locale" / "zh.po"
MARKS = {"_": None, "later": None}
# An unknown outcome is no failure, and nobody is told to try a purchase again; 收件箱 reads as a receiver's box.
NEVER = ("失败", "请重试", "收件箱", "异常")


def main(arguments: list[str]) -> int:
    """Update or check, print what is wrong, and return the exit code."""
    found = texts(ROOT / "agent")
    old = polib.pofile(str(CATALOGUE), encoding="utf-8", wrapwidth=0)
    new = updated(old, found)
    wrong = list(mistakes(new))
    if "--check" in arguments:
        wrong += stale(old, found)
    elif str(new) != str(old):
        new.save(str(CATALOGUE), newline="\n")
    for line in wrong:
        print(line)
    print(f"{len(found)} texts, {len(wrong)} to mend")
    return 1 if wrong else 0


def texts(folder: Path) -> dict[str, str]:
    """Every marked text, and the first file that has it; by file, then in the order of the source."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords=MARKS):
                found.setdefault(str(message), path.relative_to(ROOT).as_posix())
    return found


def updated(old: polib.POFile, found: dict[str, str]) -> polib.POFile:
    """The catalogue with exactly the texts found, translations kept."""
    known = {entry.msgid: entry.msgstr for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=0)
    new.metadata = dict(old.metadata)
    for message, file in found.items():
        new.append(polib.POEntry(msgid=message, msgstr=known.get(message, ""), occurrences=[(file, "")]))
    return new


def mistakes(catalogue: polib.POFile) -> Iterator[str]:
    """What a person has to translate or mend."""
    for entry in catalogue:
        name = f"{entry.occurrences[0][0]}: {entry.msgid!r}"
        if not entry.msgstr:
            yield f"not translated: {name}"
            continue
        if placeholders(entry.msgid) != placeholders(entry.msgstr):
            yield f"other placeholders: {name} → {entry.msgstr!r}"
        yield from (f"“{word}” is never said: {name}" for word in NEVER if word in entry.msgstr)


def placeholders(text: str) -> list[str]:
    """What `.format()` or `%` would fill in: named ones in any order, nameless ones as many; else the bare text's braces."""
    try:
        fields = [f"{{{name}!{turn}:{form}}}" for _t, name, form, turn in string.Formatter().parse(text) if name is not None]
    except ValueError:  # a text with braces of its own that is never formatted
        fields = re.findall(r"[{}]", text)
    return sorted([*fields, *re.findall(r"%\(\w+\)s", text)])


def stale(old: polib.POFile, found: dict[str, str]) -> list[str]:
    """Texts of the catalogue that nothing says any more, or that stand under another file now."""
    written = {entry.msgid: entry.occurrences[0][0] if entry.occurrences else "" for entry in old}
    gone = [f"no longer used: {message!r}" for message in written if message not in found]
    moved = [f"stands in {found[m]} now: {m!r}" for m in found if m in written and written[m] != found[m]]
    return gone + moved


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
