"""The flows of a site file: one function a verb, and one table from verb to function.

Knows how a step is written; whether its names, values and order make sense is check.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from agent.sites import grammar, keys
from agent.sites.definition import (
    Choose,
    Clear,
    Click,
    Commit,
    DoneIf,
    Expect,
    ExpectGone,
    Fill,
    Flow,
    ForEachLine,
    IfPresent,
    Items,
    Open,
    Picture,
    Press,
    Read,
    Step,
    Tick,
)
from agent.sites.document import At, Collector, Data, suggestion
from agent.words import _

# The words that may stand beside a verb, and with which.
COMPANIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "where": ("fill", "tick", "click", "expect", "expect_gone", "clear"),
        "do": ("if_present", "clear"),
        "browser_asks": ("commit", "clear"),
    }
)


def flow(seen: Collector, name: str, at: At) -> Flow | None:
    """The flow written at `at`; None where one of its steps could not be read."""
    before = len(seen.problems)
    steps = _steps(seen, at)
    return Flow(name, steps, seen.document.line(*at)) if len(seen.problems) == before else None


def _steps(seen: Collector, at: At) -> tuple[Step, ...]:
    data = seen.document.at(at)
    if not isinstance(data, list):
        seen.tell(at, _("`{}` needs steps below it").format(at[-1]), _("Write them one a line: - open: page"))
        return ()
    if not data:
        seen.tell(at, _("`{}` has no steps").format(at[-1]), _("Write at least one."))
    steps = (_step(seen, (*at, number), item) for number, item in enumerate(data))
    return tuple(step for step in steps if step)


def _step(seen: Collector, at: At, item: Data) -> Step | None:
    if not isinstance(item, dict):
        seen.tell(at, _("`{}` is no step").format(item), _("Write a verb, a colon and what it acts on: - click: log_in"))
        return None
    verbs = [word for word in item if word in VERBS]
    others = [word for word in item if word not in VERBS]
    if len(verbs) > 1:
        what = _("`{}` and `{}` stand in one step").format(verbs[0], verbs[1])
        seen.tell((*at, verbs[1]), what, _("Begin each step with a dash of its own: - {}").format(verbs[1]))
        return None
    if not verbs:
        _tell_no_verb(seen, (*at, others[0]) if others else at, others)
        return None
    wrong = [word for word in others if verbs[0] not in COMPANIONS.get(word, ())]
    for word in wrong:
        fitting = [name for name, partners in COMPANIONS.items() if verbs[0] in partners]
        seen.tell((*at, word), _("`{}` cannot stand beside `{}`").format(word, verbs[0]), suggestion(word, fitting))
    return None if wrong else VERBS[verbs[0]](seen, at, seen.document.line(*at, verbs[0]))


def _tell_no_verb(seen: Collector, at: At, words: list[str]) -> None:
    if words and words[0] in COMPANIONS:
        what = _("`{}` belongs to the step above it").format(words[0])
        seen.tell(at, what, _("Write it without a dash, in the same column as the verb."))
        return
    seen.tell(at, _("`{}` is no verb").format(words[0] if words else ""), suggestion(words[0] if words else "", VERBS))


def _word(seen: Collector, at: At, verb: str) -> str:
    data = seen.document.at((*at, verb))
    if isinstance(data, str) and data:
        return data
    seen.tell((*at, verb), _("`{}` takes one name").format(verb), _("Write it in the same line: {}: name").format(verb))
    return ""


def _words(seen: Collector, at: At, verb: str) -> tuple[str, ...]:
    data = seen.document.at((*at, verb))
    if isinstance(data, str):
        return (data,)
    if isinstance(data, list) and data and all(isinstance(item, str) for item in data):
        return tuple(str(item) for item in data)
    seen.tell((*at, verb), _("`{}` takes a name or a list of names").format(verb), _("Write {}: [one, another]").format(verb))
    return ()


def _items(seen: Collector, at: At, word: str) -> Items:
    path = (*at, word)
    if path not in seen.document.lines:
        return ()
    data = seen.document.at(path)
    if not isinstance(data, dict) or not data:
        seen.tell(path, _("`{}` takes places and their values").format(word), _("Write {}: {{place: <value>}}").format(word))
        return ()
    made = []
    for name, text in data.items():
        if not isinstance(text, str):
            seen.tell((*path, name), _("`{}` takes a single value").format(name), _("Write it in the same line."))
            continue
        template = seen.tried((*path, name), partial(grammar.template, text, seen.document.line(*path, name)))
        if template:
            made.append((name, template))
    return tuple(made)


def _open(seen: Collector, at: At, line: int) -> Step:
    return Open(_word(seen, at, "open"), line)


def _fill(seen: Collector, at: At, line: int) -> Step:
    return Fill(_items(seen, at, "fill"), _items(seen, at, "where"), line)


def _choose(seen: Collector, at: At, line: int) -> Step:
    return Choose(_items(seen, at, "choose"), line)


def _tick(seen: Collector, at: At, line: int) -> Step | None:
    data = seen.document.at((*at, "tick"))
    where = _items(seen, at, "where")
    if isinstance(data, str):
        return Tick(data, True, where, line)
    if isinstance(data, dict) and len(data) == 1:
        name, wanted = next(iter(data.items()))
        if wanted in ("yes", "no"):
            return Tick(name, wanted == "yes", where, line)
    seen.tell((*at, "tick"), _("`tick` takes one place"), _("Write tick: place, or tick: {place: no} to take the tick out."))
    return None


def _click(seen: Collector, at: At, line: int) -> Step:
    return Click(_word(seen, at, "click"), _items(seen, at, "where"), line)


def _press(seen: Collector, at: At, line: int) -> Step:
    key = _word(seen, at, "press")
    if key and not keys.is_key(key):
        seen.tell((*at, "press"), _("`{}` is no key").format(key), keys.advice(key))
    return Press(key, line)


def _expect(seen: Collector, at: At, line: int) -> Step:
    return Expect(_words(seen, at, "expect"), _items(seen, at, "where"), line)


def _expect_gone(seen: Collector, at: At, line: int) -> Step:
    return ExpectGone(_word(seen, at, "expect_gone"), _items(seen, at, "where"), line)


def _read(seen: Collector, at: At, line: int) -> Step:
    return Read(_words(seen, at, "read"), line)


def _picture(seen: Collector, at: At, line: int) -> Step:
    return Picture(_word(seen, at, "picture"), line)


def _commit(seen: Collector, at: At, line: int) -> Step:
    return Commit(_word(seen, at, "commit"), _asks(seen, at), line)


def _asks(seen: Collector, at: At) -> str:
    return _word(seen, at, "browser_asks") if (*at, "browser_asks") in seen.document.lines else ""


def _clear(seen: Collector, at: At, line: int) -> Step:
    steps = _steps(seen, (*at, "do")) if (*at, "do") in seen.document.lines else ()
    return Clear(_word(seen, at, "clear"), _items(seen, at, "where"), _asks(seen, at), steps, line)


def _for_each_line(seen: Collector, at: At, line: int) -> Step:
    return ForEachLine(_steps(seen, (*at, "for_each_line")), line)


def _if_present(seen: Collector, at: At, line: int) -> Step | None:
    target = _word(seen, at, "if_present")
    if (*at, "do") not in seen.document.lines:
        seen.tell(at, _("`if_present` needs `do`"), _("Write do: below it, in the same column, and the steps below that."))
        return None
    return IfPresent(target, _steps(seen, (*at, "do")), line)


def _done_if(seen: Collector, at: At, line: int) -> Step:
    return DoneIf(_word(seen, at, "done_if"), line)


Reading = Callable[[Collector, At, int], Step | None]
VERBS: Mapping[str, Reading] = MappingProxyType(
    {
        "open": _open,
        "fill": _fill,
        "choose": _choose,
        "tick": _tick,
        "click": _click,
        "press": _press,
        "expect": _expect,
        "expect_gone": _expect_gone,
        "read": _read,
        "picture": _picture,
        "commit": _commit,
        "clear": _clear,
        "for_each_line": _for_each_line,
        "if_present": _if_present,
        "done_if": _done_if,
    }
)
