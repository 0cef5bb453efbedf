"""The Chinese catalogue holds exactly the texts that the program says, translated, with the same places to fill in."""

from __future__ import annotations

import string

import polib

from tests.meta.source import ROOT, texts

CATALOGUE = polib.pofile(str(ROOT / "agent" / "locale" / "zh.po"), encoding="utf-8")
ENTRIES = {entry.msgid: entry for entry in CATALOGUE if not entry.obsolete}


def places(text: str) -> list[str]:
    """What `.format()` fills in; a text with braces of its own has none."""
    try:
        return sorted(name for _literal, name, _form, _turn in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return []


def test_it_holds_what_is_said_and_nothing_else() -> None:
    assert set(ENTRIES) == set(texts())
    assert not CATALOGUE.obsolete_entries()


def test_everything_is_translated_with_the_same_places_to_fill_in() -> None:
    known = [(text, ENTRIES[text]) for text in texts() if text in ENTRIES]
    assert not [text for text, entry in known if not entry.msgstr or entry.fuzzy]
    assert not [text for text, entry in known if places(entry.msgstr) != places(text)]
