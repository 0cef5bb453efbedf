"""The slips people make when they type YAML, found in the bare text and in YAML's own tokens, told in plain words.

Knows lines and characters only; what a word means is nobody's business here. A slip that would keep the rest of the
file from being read (a tab, a full-width colon) is mended for the rest of the reading, so that all mistakes are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from agent.words import _


class Slip(NamedTuple):
    """A mistake: its line, what it is, and what to write instead."""

    line: int
    what: str
    suggestion: str


@dataclass
class Scan:
    """What YAML's tokens tell: slips, comments by line, and whether the scanning broke off."""

    slips: list[Slip] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    broken: bool = False


_KEY = r"[^\s：:=#\"'“”‘’\[\]{}<>,，*&!|-][^\s：:=#\"'“”\[\]{}<>]*"
_WIDE_COLON = re.compile(rf"^(\s*(?:- +)?)({_KEY})\s*：\s*(.*)$")
_TIGHT_COLON = re.compile(rf"^(\s*(?:- +)?)({_KEY}):(?!//|\\)(\S.*)$")
_TIGHT_DASH = re.compile(r"^(\s*)-([^\W\d]\w*:(?:\s.*)?)$")
_WIDE_DASH = re.compile(r"^(\s*)[－—–]\s*(\S.*)$")
_WIDE_QUOTE = re.compile(r"(?::|^\s*-) +[“”‘’]")
_ODD_BLANKS = "\u3000\u00a0\u200b\ufeff\u2003\u2002"
_TEXT_BEGINS = re.compile(r"(?:^|:|-)\s+[|>][-+0-9]*\s*(?:#.*)?$")
_WIDE_OPENING = ("“", "”", "‘", "’")


def mend(text: str) -> tuple[str, list[Slip]]:
    """The text with the slips of single lines mended, and those slips."""
    found: list[Slip] = []
    lines = text.split("\n")
    for number in _lines_of_yaml(lines):
        for look in (_tab, _odd_blank, _wide_colon, _wide_dash, _tight_dash, _tight_colon, _wide_hash, _wide_quote):
            seen = look(lines[number])
            if seen:
                lines[number], what, suggestion = seen
                found.append(Slip(number + 1, what, suggestion))
    return "\n".join(lines), found


def _lines_of_yaml(lines: list[str]) -> Iterator[int]:
    """The lines that are neither empty, nor comments, nor inside a block of text (`notes: |`)."""
    text_indent = -1
    for number, line in enumerate(lines):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if not bare or bare.startswith("#"):
            continue
        if text_indent >= 0 and indent > text_indent:
            continue
        text_indent = indent if _TEXT_BEGINS.search(line) else -1
        yield number


Seen = tuple[str, str, str] | None  # the mended line, what is wrong, what to write


def _content(line: str) -> str:
    return re.split(r"\s#", line, maxsplit=1)[0]


def _tab(line: str) -> Seen:
    if "\t" not in _content(line):
        return None
    return line.expandtabs(2), _("a tab stands in this line"), _("Use blanks: two for each step to the right.")


def _odd_blank(line: str) -> Seen:
    if not any(blank in _content(line) for blank in _ODD_BLANKS):
        return None
    mended = line.translate({ord(blank): "  " if blank == "\u3000" else " " for blank in _ODD_BLANKS})
    return mended, _("a full-width or invisible blank stands in this line"), _("Type the blanks again, half-width.")


def _wide_colon(line: str) -> Seen:
    match = _WIDE_COLON.match(line)
    if not match or re.search(r":(\s|$)", _content(line)):
        return None
    start, key, rest = match.groups()
    if "-" in start and not key.isascii():
        return None  # an item of a list of their words may well end in a colon
    what = _("a full-width colon stands after `{}`").format(key)
    return f"{start}{key}: {rest}".rstrip(), what, _("Write `{}: ` with a half-width colon and a blank.").format(key)


def _tight_colon(line: str) -> Seen:
    match = _TIGHT_COLON.match(line)
    if not match or re.search(r":(\s|$)", _content(line)) or match[2][0].isdigit():
        return None
    start, key, rest = match.groups()
    if "-" in start and not key.isascii():
        return None
    return f"{start}{key}: {rest}", _("the blank after `{}:` is missing").format(key), _("Write `{}: {}`.").format(key, rest)


def _wide_dash(line: str) -> Seen:
    match = _WIDE_DASH.match(line)
    if not match:
        return None
    return f"{match[1]}- {match[2]}", _("a full-width or long dash begins this line"), _("Write `- {}`.").format(match[2])


def _tight_dash(line: str) -> Seen:
    match = _TIGHT_DASH.match(line)
    if not match:
        return None
    return f"{match[1]}- {match[2]}", _("the blank after `-` is missing"), _("Write `- {}`.").format(match[2])


def _wide_hash(line: str) -> Seen:
    if not re.search(r"\s＃", _content(line)):
        return None
    mended = re.sub(r"\s+＃", "  #", line, count=1)
    return mended, _("a full-width ＃ begins no comment"), _("Write two blanks and a half-width #.")


def _wide_quote(line: str) -> Seen:
    if not _WIDE_QUOTE.search(_content(line)):
        return None
    mended = re.sub(r"[“”‘’]", "'", line)
    return mended, _("full-width quotes stand in this line"), _('Write half-width quotes: "…".')


def scan(text: str) -> Scan:
    """What the tokens of the text tell. Needs text that `mend` has gone over."""
    result = Scan()
    ends: dict[int, tuple[int, bool]] = {}  # line → column behind its last scalar, and whether that is quoted
    inside: set[int] = set()  # lines wholly inside one scalar
    opened: list[str] = []
    try:
        for token in yaml.scan(text, Loader=yaml.BaseLoader):
            _look_at(token, opened, result.slips)
            if isinstance(token, yaml.ScalarToken):
                _mark(token, ends, inside)
    except yaml.YAMLError as error:
        result.broken = True
        if not result.slips:
            result.slips.append(explain(error, text))
    for number, line in enumerate(text.split("\n")):
        if number not in inside:
            _comment(number, line, ends.get(number, (0, False)), result)
    return result


def _mark(token: yaml.ScalarToken, ends: dict[int, tuple[int, bool]], inside: set[int]) -> None:
    first, last = token.start_mark.line, token.end_mark.line
    if token.style in ("|", ">"):
        inside.update(range(first + 1, last + (token.end_mark.column > 0)))
        return
    inside.update(range(first, last))
    ends[last] = (token.end_mark.column, not token.plain)


def _comment(number: int, line: str, end: tuple[int, bool], result: Scan) -> None:
    column, quoted = end
    match = re.compile(r"(?:^|(?<=\s))#").search(line, column)
    if not match:
        return
    before = line[: match.start()]
    result.comments[number + 1] = line[match.end() :].strip()
    if before.strip() and not quoted and len(before) - len(before.rstrip()) == 1:
        what = _("one blank and a # cut this line: `{}` is taken as a comment").format(line[match.start() :])
        advice = _("Part of the value? Put the whole value in quotes. A comment? Put two blanks before the #.")
        result.slips.append(Slip(number + 1, what, advice))


def _look_at(token: yaml.Token, opened: list[str], slips: list[Slip]) -> None:
    line = token.start_mark.line + 1
    match token:
        case yaml.FlowSequenceStartToken():
            opened.append("[")
        case yaml.FlowMappingStartToken():
            opened.append("{")
        case yaml.FlowSequenceEndToken() | yaml.FlowMappingEndToken():
            del opened[-1:]
        case yaml.AliasToken() | yaml.AnchorToken() | yaml.TagToken():
            sign = {yaml.AliasToken: "*", yaml.AnchorToken: "&", yaml.TagToken: "!"}[type(token)]
            what = _("a value may not begin with {} here").format(sign)
            slips.append(Slip(line, what, _("Put the value in quotes. A file of ours refers to no other place.")))
        case yaml.DirectiveToken() | yaml.DocumentStartToken() | yaml.DocumentEndToken():
            slips.append(Slip(line, _("`---`, `...` and `%` lines have no place here"), _("Delete this line.")))
        case yaml.ScalarToken():
            slips.extend(_scalar_slips(token, opened))
        case _:
            pass


def _scalar_slips(token: yaml.ScalarToken, opened: list[str]) -> Iterator[Slip]:
    line, value = token.start_mark.line + 1, str(token.value)
    if token.style not in ("|", ">") and token.end_mark.line > token.start_mark.line:
        if token.plain:
            yield _runs_on(token)
        else:
            yield Slip(line, _("the quotes opened here close in another line"), _("Close them in the same line."))
    if token.plain and opened[-1:] == ["["] and re.search("[，、；]", value):
        what = _("a full-width comma stands in `{}`").format(value)
        yield Slip(line, what, _("Write half-width commas between the words, or quotes around a word that has one."))
    if token.plain and value.startswith(_WIDE_OPENING):
        yield Slip(line, _("full-width quotes stand in this line"), _('Write half-width quotes: "…".'))


def _runs_on(token: yaml.ScalarToken) -> Slip:
    """YAML takes a deeper line as more of the value above it. Two blanks a step are usual: an odd column is the likelier slip."""
    line, column = token.start_mark.line + 1, token.start_mark.column
    text = (token.start_mark.buffer or "").split("\n")[line - 1 :][:1]
    advice = _("Lines that belong together begin in the same column; a value stands in one line.")
    if column and any((len(line) - len(line.lstrip())) % 2 for line in text):
        return Slip(line, _("this line stands too far to the left or to the right"), advice)
    return Slip(line + 1, _("this line stands too far to the right: it is taken as more of the value above it"), advice)


def nothing_written(name: str) -> tuple[str, str]:
    """What to say of a name with nothing behind it."""
    if "：" in name or "，" in name:
        return _("`{}` has a full-width colon or comma").format(name), _("Write them half-width, with a blank behind.")
    if "." in name:
        advice = _("Braces hold `name: value` pairs. Did you mean <{}>?").format(name)
        return _("nothing is written after `{}`").format(name), advice
    advice = _('Write the value; "" if it is meant to be empty. A # begins a comment.')
    return _("nothing is written after `{}`").format(name), advice


def explain(error: yaml.YAMLError, text: str) -> Slip:
    """YAML's own complaint as a slip: the line to look at, and what is most likely wrong with it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        position = getattr(error, "position", 0)
        line = text[:position].count("\n") + 1
        return Slip(line, _("an invisible character stands in this line"), _("Delete the line and type it again."))
    met = error.problem_mark.line + 1 if error.problem_mark else 1
    begun = error.context_mark.line + 1 if error.context_mark else met
    return _explained(f"{error.context or ''} {error.problem or ''}", begun, met, text.split("\n"))


def _explained(complaint: str, begun: int, met: int, lines: list[str]) -> Slip:
    if "quoted scalar" in complaint:
        return Slip(begun, _("the quotes opened here are never closed"), _("Close them in the same line."))
    if "flow" in complaint:
        what = _("the bracket opened here is not closed, or a comma is missing in it")
        return Slip(begun, what, _("Selectors with brackets or commas stand on a line of their own, not in one-line braces."))
    if "could not find expected ':'" in complaint:
        return Slip(begun, _("a colon is missing in this line"), _("Write `name: value`."))
    if "mapping values are not allowed" in complaint:
        return _second_colon(met, lines)
    if "cannot start any token" in complaint or "scanning an a" in complaint:  # an alias, an anchor
        return Slip(met, _("a value may not begin with this character"), _("Put the value in quotes."))
    if "expected <block end>" in complaint or "block" in complaint:
        if undashed := _undashed(met, lines):
            return undashed
        what = _("this line stands too far to the left or to the right")
        return Slip(met, what, _("Lines that belong together begin in the same column, two blanks deeper than their heading."))
    return Slip(met, _("this line cannot be read as YAML"), _("Compare it with the lines around it."))


def _undashed(met: int, lines: list[str]) -> Slip | None:
    """A line without a dash beside others of its column that have one."""
    indent = len(lines[met - 1]) - len(lines[met - 1].lstrip())
    beside = [at for at in range(met - 1, 0, -1) if re.match(rf" {{{indent}}}[^ #]", lines[at - 1])]
    if not beside or any(re.match(rf" {{0,{indent - 1}}}[^ #]", line) for line in lines[beside[0] : met - 1] if indent):
        return None
    dashed = {at: lines[at - 1].lstrip().startswith("- ") for at in (beside[0], met)}
    if dashed[met] == dashed[beside[0]]:
        return None
    at = min(dashed, key=lambda one: dashed[one])
    what = _("a dash is missing before `{}`").format(_short(lines[at - 1].strip()))
    return Slip(at, what, _("Begin it with `- `; what belongs to the step above stands two blanks further to the right."))


def _second_colon(met: int, lines: list[str]) -> Slip:
    line = lines[met - 1] if met <= len(lines) else ""
    if len(re.findall(r":(?=\s|$)", line)) > 1:
        return Slip(met, _("a second colon stands in this line"), _("Put the value in quotes."))
    what = _("this line stands too far to the right, or the line above already has a value")
    return Slip(met, what, _("Lines that belong together begin in the same column."))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
