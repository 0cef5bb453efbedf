"""What a person reads, in their language: gettext over `locale/<language>.po`, parsed at start (no compiled files to keep in step).

The source is English; `locale/zh.po` is the Chinese. `use()` is called once by the command line; until then English is spoken.
"""

from __future__ import annotations

import gettext
import io
import locale
import os
from pathlib import Path

import polib

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh")

_current: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Speak `language` ("en" or "zh") from here on."""
    global _current
    _current = _load(language)


def _load(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    catalogue = polib.pofile(str(LOCALE / f"{language}.po"), encoding="utf-8")
    return gettext.GNUTranslations(io.BytesIO(catalogue.to_binary()))


def of_the_system() -> str:
    """The system's language if we speak it, else English."""
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if told.lower().startswith(("zh", "chinese")) else "en"


def _(message: str) -> str:
    return _current.gettext(message)


def later(message: str) -> str:
    """Marks a text for the catalogue that is said before the language is known; `_()` turns it when it is printed."""
    return message
