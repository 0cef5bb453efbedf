"""Paths into a site file as a person writes them: `pages.order_form.phone`, `pages.login.here_if.2`, `hosts.main`."""

from __future__ import annotations

from dataclasses import dataclass

from agent.errors import ConfigError
from agent.sites.document import At, Data, Document, suggestion
from agent.words import _


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a path of a document, and from which line to which."""

    at: At
    value: Data
    line: int
    last: int


def at(document: Document, path: str) -> Found:
    """What the document has at a path. Raises ConfigError saying what is there instead."""
    keys, rest = followed(document.data, path)
    if rest:
        raise unknown(document.data, keys, rest).at(file=document.path, line=document.line(*keys))
    inside = (each for each in document.lines if each[: len(keys)] == keys)
    return Found(keys, document.at(keys), document.line(*keys), max(_last(document, each) for each in inside))


def _last(document: Document, keys: At) -> int:
    """The last line of what stands there, what is below it apart: a text (`notes: |`) has one for each of its own."""
    more = str(document.at(keys)).count("\n") + 1 if document.styles.get(keys) == "text" else 0
    return document.line(*keys) + more


def followed(data: Data, path: str) -> tuple[At, str]:
    """A path as far as the data have it, and what is left of it. Lists count from 1; a single value is its own first."""
    keys: At = ()
    while path:
        first, _dot, left = path.partition(".")
        if isinstance(data, dict) and (names := [name for name in data if f"{path}.".startswith(f"{name}.")]):
            name = max(names, key=len)  # a name may itself hold a dot
            keys, data, path = (*keys, name), data[name], path[len(name) + 1 :]
        elif isinstance(data, list) and first in _numbers(data):
            keys, data, path = (*keys, int(first) - 1), data[int(first) - 1], left
        elif isinstance(data, str) and keys and path == "1":
            path = ""
        else:
            break
    return keys, path


def _numbers(items: list[Data]) -> list[str]:
    return [str(number + 1) for number in range(len(items))]


def typed(keys: At) -> str:
    """The path as a person writes it."""
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)


def unknown(data: Data, keys: At, rest: str) -> ConfigError:
    """The error that what is left of a path is not there, and what is there instead."""
    here = data
    for key in keys:
        here = here[key]  # type: ignore[index]
    word = rest.partition(".")[0]
    if isinstance(here, str):
        what = _("`{}` is a single value: nothing stands below it").format(typed(keys))
        return ConfigError(what, todo=_("Leave out `.{}`.").format(rest))
    what = _("There is no `{word}` in `{path}`").format(word=word, path=typed(keys)) if keys else ""
    if isinstance(here, list):
        return ConfigError(what, todo=_("It is a list; its entries are 1 to {}.").format(len(here)))
    return ConfigError(what or _("There is no `{}` in the site file").format(word), todo=suggestion(word, here))


def no_value(keys: At, below: Data) -> ConfigError:
    """The error that what stands at a path is more than one value, and how to name one of its values."""
    path = typed(keys) or "…"
    if keys[:1] == ("flows",) and len(keys) <= 3:
        return ConfigError(
            _("`{}` is a flow or a step of one, not a single value").format(path),
            todo=_("Steps are changed in the file itself; the line above is where it begins."),
        )
    what = _("`{}` is a whole page, not a single value") if keys[:1] == ("pages",) and len(keys) == 2 else ""
    names = list(below) if isinstance(below, dict) else [str(number + 1) for number in range(len(below))]
    return ConfigError(
        (what or _("`{}` holds several values with names of their own")).format(path),
        todo=_("Say which: `{example}`. There are: {names}.").format(
            example=typed((*keys, names[0])) if names else path, names=", ".join(names)
        ),
    )
