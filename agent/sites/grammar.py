"""The small languages inside a site file: `way=words`, `<receiver.name>`, `合计: ¥{}`; and the words it keeps for itself.

Every function takes the text as typed and raises ValueError in words a seller can act on.
"""

from __future__ import annotations

import difflib
import re

from agent.sites.definition import WAYS, Locator, Template, ValueName, Way, named_parts
from agent.sites.document import suggestion
from agent.words import _

PAGE_WORDS = ("open_at", "host", "here_if", "inside", "before_sign_in")
PLACE_WORDS = ("find", "inside", "part", "attribute", "each_line", "words", "options", "in_heading", "in_footing", "together")
LIST_LOCATORS = ("rows", "download", "heading_rows", "footing_rows", "skip_rows", "nothing_found", "next_page", "remove")
LIST_WORDS = (*LIST_LOCATORS, "row_count", "counted_by", "for_each")
RESERVED = frozenset((*PAGE_WORDS, *PLACE_WORDS, *LIST_WORDS))

_LOCATOR = re.compile(r"([A-Za-z_ -]+?)\s*[=＝]\s*(.+)", re.DOTALL)
_VALUE = re.compile(r"<([^<>]*)>")
_WIDE_ANGLES = re.compile(r"[＜〈《]([\w.]+)[＞〉》]")
_BRACES = re.compile(r"\$?\{\{?\s*([\w.]+)\s*\}\}?")
_OTHER_TOOLS = (">>", ":has-text", ":text(", ":visible", ":nth-match", ":contains(")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def name(text: str) -> str:
    """A name a seller gives to a page or place."""
    if text in RESERVED:
        raise ValueError(_("`{}` cannot be a name: it has a meaning of its own").format(text))
    if not re.fullmatch(r"[^\W\d]\w*", text):
        raise ValueError(_("`{}` cannot be a name: only letters, digits and _ in it").format(text))
    return text


def locator(text: str, line: int, guess: bool) -> Locator:
    """`button=登录`, or the bare word `row`."""
    if text == "row":
        return Locator("row", "", line, guess)
    match = _LOCATOR.fullmatch(text)
    if not match:
        raise ValueError(_no_locator(text))
    way, words = match[1], match[2].strip()
    if text[len(way)] != "=" or text != f"{way}={words}":
        raise ValueError(_("write `{}` with a half-width = and no blanks around it").format(f"{way}={words}"))
    known = _way(way)
    if known in ("css", "xpath"):
        _check_selector(known, words)
    return Locator(known, words, line, guess)


def _no_locator(text: str) -> str:
    if re.match(r"[.#\[]|[a-z]+[.#\[]", text):
        return _("`{text}` says no way of finding: write css={text}").format(text=text)
    if re.match(r"//|/html", text):
        return _("`{text}` says no way of finding: write xpath={text}").format(text=text)
    return _("`{text}` says no way of finding: write for example button={text} or text={text}").format(text=text)


def _way(word: str) -> Way:
    for way in WAYS:
        if way == word:
            return way
    near = difflib.get_close_matches(word.lower(), WAYS, n=1)
    advice = suggestion(near[0] if near else word, WAYS)
    raise ValueError(_("`{}` is no way of finding.").format(word) + " " + advice)


def _check_selector(way: str, words: str) -> None:
    foreign = [sign for sign in _OTHER_TOOLS if sign in words]
    if foreign and way == "css":
        raise ValueError(_("`{}` is no css: only what browsers themselves understand").format(foreign[0]))
    if not _closed(words):
        raise ValueError(_("a bracket or quote in `{}` is not closed").format(words))
    if words.endswith((",", ">", "+", "~")):
        raise ValueError(_("`{}` ends too early").format(words))


def _closed(words: str) -> bool:
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", words)
    opened: list[str] = []
    for sign in bare:
        if sign in _PAIRS.values():
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return False
    return not opened and not re.search("[\"']", bare)


def template(text: str, line: int) -> Template:
    """`<receiver.town><receiver.detail>`: text with any number of values."""
    for look in (_WIDE_ANGLES, _BRACES):
        wrong = look.search(text)
        if wrong:
            raise ValueError(_("write <{}> with half-width angle brackets").format(wrong[1]))
    rest = _VALUE.sub("", text)
    if "<" in rest or ">" in rest:
        raise ValueError(_("a < or > in `{}` has no partner").format(text))
    parts: list[str | ValueName] = []
    for number, piece in enumerate(_VALUE.split(text)):
        if number % 2:
            parts.append(ValueName(piece.strip()))
        elif piece:
            parts.append(piece)
    return Template(tuple(parts), line)


def part(text: str) -> str:
    """`合计: ¥{}`: the text around the part wanted, which is {}. `{carrier} {tracking_number}`: several, each with its word."""
    words = named_parts(text)
    if words and (len(set(words)) < len(words) or "{}" in text or re.search(r"\}\{", text)):
        raise ValueError(_("`{}` must hold each word once, with something between every two").format(text))
    if not words and text.count("{}") != 1:
        raise ValueError(_("`{}` must hold {{}} exactly once, for the part wanted").format(text))
    return text
