"""A YAML file of ours as data with line numbers, and a closed model built from it: every mistake at once, with its line.

Serves site files and config.yaml alike, so it knows no word of either. YAML is read without implicit types: `no`,
`12:30` and `007123` stay what was typed, every scalar is a str. What people mistype is told by slips.py.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from agent.errors import ConfigError, Where
from agent.sites import slips
from agent.words import _

Data = str | list["Data"] | dict[str, "Data"]
Key = str | int
At = tuple[Key, ...]
Style = Literal["plain", "quoted", "text", "one_line", "lines"]  # the last two: of lists and mappings
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class Closed(BaseModel):
    """A model for `build`: no word beside those it names, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: what is wrong, and what to write instead."""

    file: Path
    line: int
    what: str
    suggestion: str = ""

    def __str__(self) -> str:
        text = _("{file}, line {line}: {what}").format(file=self.file, line=self.line, what=self.what)
        return f"{text.rstrip('.')}. {self.suggestion}".rstrip()


class Problems(ConfigError):
    """Every mistake found in the files, sorted by file and line. Prints as the first one and the count of the others."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda p: (str(p.file), p.line)))
        first = self.problems[0]
        super().__init__(first.what, where=Where(file=first.file, line=first.line), todo=first.suggestion)

    def lines(self) -> tuple[str, str, str]:
        what, place, todo = super().lines()
        more = len(self.problems) - 1
        if not more:
            return what, place, todo
        return what, place, _("{todo} And {more} more: `agent check` lists them all.").format(todo=todo, more=more)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, and where each thing stands: `lines` and `styles` by path, `comments` by line (without the `#`)."""

    path: Path
    data: Data
    lines: Mapping[At, int]
    comments: Mapping[int, str]
    styles: Mapping[At, Style]

    def at(self, path: At) -> Data:
        """The data at a path. Raises KeyError where the file has nothing there."""
        if path and path not in self.lines:
            raise KeyError(path)
        data: Any = self.data
        for key in path:
            data = data[key]
        return data  # type: ignore[no-any-return]

    def line(self, *path: Key) -> int:
        """The line of a path, or of the nearest thing around it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: At, what: str, suggestion: str = "") -> Problem:
        return Problem(self.path, self.line(*path), what, suggestion)


def loosely(text: str) -> dict[str, object]:
    """What a few lines hold by name, as texts, lists and mappings; nothing where they cannot be read."""
    try:
        told = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return {}
    return told if isinstance(told, dict) else {}


def read_document(path: Path) -> Document:
    """Read a YAML file. Raises Problems with everything that is wrong before its words are even looked at."""
    return document_of(path, text_of(path))


def document_of(path: Path, text: str) -> Document:
    """The document that a text is, or would be, in this file. Raises Problems as `read_document` does."""
    mended, found = slips.mend(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    scan = slips.scan(mended)
    node = None if scan.broken else _compose(mended, found)
    tree = _Tree(path)
    if node is not None:
        tree.take(node, ())
    if not found or node is not None:  # else what YAML makes of the mended lines would only add to the confusion
        found += scan.slips
    told = {slip.line for slip in found}  # a value that a # cut away is not also told as missing
    problems = [Problem(path, *slip) for slip in found] + [problem for problem in tree.problems if problem.line not in told]
    if node is None and not problems:
        problems.append(Problem(path, 1, _("the file is empty"), _("Start from one of the files in selectors/.")))
    if problems:
        raise Problems(problems)
    if not isinstance(tree.data, dict):
        what = _("the file is a list or a single word")
        raise Problems([Problem(path, tree.lines[()], what, _("Write `name: value` lines."))])
    return Document(path, tree.data, tree.lines, scan.comments, tree.styles)


def text_of(path: Path) -> str:
    """The file's text with every character of it, a byte order mark and line ends as they are. Raises Problems."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Problems([Problem(path, 0, _("the file cannot be opened: {}").format(error.strerror))]) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Problems([Problem(path, line, _encoding(raw), _("Save it as UTF-8 (Notepad: Save as, Encoding)."))]) from error


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("the file is saved as UTF-16, not UTF-8")
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return _("the file is not UTF-8 text")
    return _("the file is saved as GBK (ANSI), not UTF-8")


def _compose(text: str, found: list[slips.Slip]) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        if not found:
            found.append(slips.explain(error, text))
        return None


class _Tree:
    """A node tree turned into data, lines and styles, with the problems met on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data: Data = {}
        self.lines: dict[At, int] = {}
        self.styles: dict[At, Style] = {}
        self.problems: list[Problem] = []

    def take(self, node: yaml.Node, at: At) -> None:
        self.data = self._data(node, at)

    def _data(self, node: yaml.Node, at: At) -> Data:
        self.lines.setdefault(at, node.start_mark.line + 1)
        self.styles[at] = _style(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._data(item, (*at, number)) for number, item in enumerate(node.value)]
        return dict(self._entries(node, at))

    def _scalar(self, node: yaml.ScalarNode, at: At) -> str:
        if not node.value and not node.style:
            self._problem(self.lines[at], *slips.nothing_written(str(at[-1]) if at else ""))
        return str(node.value).removesuffix("\n") if node.style in ("|", ">") else str(node.value)

    def _entries(self, node: yaml.Node, at: At) -> Iterator[tuple[str, Data]]:
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._problem(line, _("a list or braces cannot be a name"), _("Put the value in quotes."))
                continue
            path = (*at, str(key.value))
            if path in self.lines:
                what = _("`{name}` stands here a second time; the first is in line {line}")
                self._problem(line, what.format(name=key.value, line=self.lines[path]), _("Keep one of them."))
                continue
            self.lines[path] = line
            yield str(key.value), self._data(value, path)

    def _problem(self, line: int, what: str, suggestion: str) -> None:
        self.problems.append(Problem(self.path, line, what, suggestion))


def _style(node: yaml.Node) -> Style:
    if isinstance(node, yaml.ScalarNode):
        return "text" if node.style in ("|", ">") else "quoted" if node.style else "plain"
    return "one_line" if isinstance(node, yaml.CollectionNode) and node.flow_style else "lines"


def build(model: type[M], document: Document, at: At = ()) -> M:
    """The model made of what stands at `at`. Raises Problems: pydantic's errors in our words, each with its line."""
    try:
        return model.model_validate(document.at(at))
    except ValidationError as error:
        every = error.errors(include_url=False)
        unknown = (e["loc"] for e in every if e["type"] == "extra_forbidden")
        misspelt = {(*loc[:-1], near(str(loc[-1]), _known_words(model, loc))) for loc in unknown}
        told = (e for e in every if e["type"] != "missing" or e["loc"] not in misspelt)
        raise Problems(_told(model, document, at, details) for details in told) from error


def first_said(model: type[BaseModel], error: ValidationError) -> str:
    """The first of pydantic's errors in our words, for a model that is read inside another value."""
    details = error.errors(include_url=False)[0]
    what, advice = _in_our_words(_name_in(details["loc"]), details, _known_words(model, details["loc"]))
    return f"{what}. {advice}".strip()


def suggestion(word: str, known: Iterable[str]) -> str:
    """ "Did you mean …?", or what is known here when nothing is near."""
    names = sorted({str(name) for name in known})
    meant = near(word, names)
    if meant:
        return _("Did you mean `{}`?").format(meant)
    return _("Known here: {}.").format(", ".join(names)) if names else ""


def near(word: str, names: Sequence[str]) -> str:
    """The name most like a word; "" where none is like it."""
    same = [name for name in names if name.lower() == word.lower()]
    return next(iter(same or difflib.get_close_matches(word, names, n=1)), "")


def _told(model: type[BaseModel], document: Document, at: At, details: ErrorDetails) -> Problem:
    path, known = at, _known_words(model, details["loc"])
    for key in details["loc"]:  # pydantic puts names of its own between, for unions and keys
        path = (*path, key) if (*path, key) in document.lines else path
    what, advice = _in_our_words(_name_in(details["loc"]), details, known)
    return document.problem(path, what, advice)


def _name_in(loc: Sequence[Key]) -> str:
    """What a person calls the place: one of a list is known by the name of the list."""
    return next((key for key in reversed(loc) if isinstance(key, str)), "")


def _in_our_words(name: str, details: ErrorDetails, known: Sequence[str]) -> tuple[str, str]:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "missing":
        return _("`{}` is missing").format(name), _("Add it.")
    if kind == "extra_forbidden":
        return _("`{}` is not a word known here").format(name), suggestion(name, known)
    if kind == "literal_error":
        allowed = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return _("`{name}` cannot be `{given}`").format(name=name, given=given), suggestion(str(given), allowed)
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", details["msg"])), ""
    return _wrong_kind(name, kind, given, details["msg"])


def _wrong_kind(name: str, kind: str, given: object, message: str) -> tuple[str, str]:
    if kind.startswith(("model_", "dict_", "mapping_", "dataclass_")):
        return _("`{}` needs names of its own below it, not a single value").format(name), _("Write them one a line, indented.")
    if kind.startswith(("list_", "tuple_", "set_", "frozen_set_")):
        # What stands there is not quoted: it may be an address that holds a token.
        return _("`{}` needs a list").format(name), _("Write it in square brackets: `{}: [ … ]`.").format(name)
    if kind.startswith("string_type"):
        return _("`{}` needs a single value, not a list or names below it").format(name), _("Write it in the same line.")
    if kind.startswith("bool_"):
        return _("`{name}` cannot be `{given}`").format(name=name, given=given), _("Write yes or no.")
    if kind.startswith("int_"):
        return _("`{name}` cannot be `{given}`").format(name=name, given=given), _("Write a whole number.")
    return _("`{name}` cannot be `{given}`: {why}").format(name=name, given=given, why=message), ""


def _known_words(model: type[BaseModel], loc: Sequence[Key]) -> list[str]:
    """The names a closed model knows at the place of an error, found by following the error's path through its types."""
    here: list[Any] = [model]
    for key in loc[:-1]:
        here = [inner for kind in here for inner in _inside(kind, key)] or here
    models = [kind for kind in here if _is_model(kind)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _inside(kind: Any, key: Key) -> list[Any]:
    if _is_model(kind):
        names = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return _flat(names[key]) if key in names else []
    return [inner for argument in get_args(kind) for inner in _flat(argument)]


def _flat(kind: Any) -> list[Any]:
    """The kinds a union or an annotated kind stands for."""
    if get_origin(kind) is Annotated:
        return _flat(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [inner for argument in get_args(kind) for inner in _flat(argument)]
    return [kind]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@dataclass
class Collector:
    """Goes through a document by hand and collects what is wrong, instead of stopping at the first mistake."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def tell(self, at: At, what: str, advice: str = "") -> None:
        self.problems.append(self.document.problem(at, what, advice))

    def tried(self, at: At, make: Callable[[], T]) -> T | None:
        """What `make` gives; a ValueError of its becomes a problem at this place."""
        try:
            return make()
        except ValueError as error:
            self.tell(at, str(error))
            return None

    def built(self, model: type[M], at: At) -> M | None:
        """The model at this place, or None and its problems told."""
        try:
            return build(model, self.document, at)
        except Problems as problems:
            self.problems += problems.problems
            return None
