"""A site file to begin from, cut down to what a site has: a place taken out with every step that names it, or a whole flow.

Works on the text, by YAML's own marks, so that what stays keeps its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from agent.sites.contract import CONTRACTS
from agent.sites.copies import guessed
from agent.sites.quoting import spelled

# The flow on whose last page another begins.
_CONTINUED = {flow: told.continues for flows in CONTRACTS.values() for flow, told in flows.items() if told.continues}

Edit = tuple[int, int, str]  # from, to, and what stands there instead


def without(text: str, page: str, name: str) -> str:
    """The text without a place of this page, or of a row of its lists, and without every step of the flows on it that names it."""
    root = _root(text)
    edits = [*_of_page(text, root, page, name), *_of_flows(text, root, page, name)]
    return _done(text, edits)


def without_flow(text: str, flow: str) -> str:
    """The text without this flow."""
    pairs = _child(_root(text), "flows").value
    return _done(text, [_lines(text, key, value) for key, value in pairs if key.value == flow])


def without_page(text: str, page: str) -> str:
    """The text without this page; what the flows do on it is theirs."""
    pairs = _child(_root(text), "pages").value
    return _done(text, [_lines(text, key, value) for key, value in pairs if key.value == page])


def without_top(text: str, name: str) -> str:
    """The text without this word of its top."""
    return _done(text, [_lines(text, key, value) for key, value in _root(text).value if key.value == name])


def in_one_line(text: str, page: str, name: str, locator: str) -> str:
    """A place written `name: locator`, whatever it was before; marked `# guess`."""
    pairs = _child(_child(_root(text), "pages"), page).value
    key, value = next(pair for pair in pairs if pair[0].value == name)
    start, end, _none = _lines(text, key, value)
    line = guessed(f"{' ' * key.start_mark.column}{name}: {spelled(locator, 'line')}")
    return f"{text[:start]}{line}\n{text[end:]}"


def has_words(text: str, page: str, name: str) -> bool:
    """Whether what is written into a place is turned into the site's words by a table."""
    return "words" in {key.value for key, _value in _pairs_of(_place(text, page, name))}


def renamed(text: str, page: str, name: str, before: str, now: str) -> str:
    """A place in which one word of the file's own is another."""
    keys = [key for key, _value in _pairs_of(_place(text, page, name)) if key.value == before]
    return _done(text, [_put(key, now) for key in keys])


def listed(text: str, name: str) -> list[str]:
    """What a list at the top says."""
    return [str(item.value) for item in _child(_root(text), name).value]


def _place(text: str, page: str, name: str) -> yaml.Node:
    return _child(_child(_child(_root(text), "pages"), page), name)


def _pairs_of(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def verb_changed(text: str, name: str, before: str, now: str) -> str:
    """Every `before: {name: …}` step of the flows done by another verb."""
    return text.replace(f"- {before}: {{{name}:", f"- {now}: {{{name}:")


def _root(text: str) -> yaml.MappingNode:
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if not isinstance(root, yaml.MappingNode):
        raise TypeError("a site file is a mapping")
    return root


def _child(node: yaml.Node, name: str) -> yaml.Node:
    return next((value for key, value in node.value if key.value == name), yaml.MappingNode("", []))


def _done(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new + text[end:]
    return re.sub(r"\n{3,}", "\n\n", text)


def _of_page(text: str, root: yaml.Node, page: str, name: str) -> Iterator[Edit]:
    for key, value in _child(_child(root, "pages"), page).value:
        if key.value == name:
            yield _lines(text, key, value)
        elif isinstance(value, yaml.MappingNode):
            yield from (_lines(text, inner, what) for inner, what in value.value if inner.value == name)


def _of_flows(text: str, root: yaml.Node, page: str, name: str) -> Iterator[Edit]:
    pages = {key.value for key, _value in _child(root, "pages").value}
    ends: dict[str, str] = {}
    for flow, steps in _child(root, "flows").value:
        here = ends.get(_CONTINUED.get(flow.value, ""), "")
        for step in steps.value:
            here = _page_after(step, here, pages)
            yield from _of_step(text, step, page == here, name)
        ends[flow.value] = here


def _page_after(step: yaml.Node, here: str, pages: set[str]) -> str:
    verb, value = step.value[0]
    return value.value if verb.value in ("open", "expect") and value.value in pages else here


def _of_step(text: str, step: yaml.Node, on_page: bool, name: str) -> list[Edit]:
    if not on_page:
        return []
    (verb, value), *more = step.value
    if verb.value == "for_each_line":
        return [edit for one in value.value for edit in _of_step(text, one, on_page, name)]
    if isinstance(value, yaml.ScalarNode) and value.value == name:
        return [_lines(text, step, step.value[-1][1])]
    if isinstance(value, yaml.SequenceNode):
        left = [item.value for item in value.value if item.value != name]
        if len(left) == len(value.value):
            return []
        return [_put(value, f"[{', '.join(left)}]")] if left else [_lines(text, step, value)]
    words = ((verb, value), *more)
    return [edit for word, mapping in words for edit in _of_mapping(text, step, word, mapping, name)]


def _of_mapping(text: str, step: yaml.Node, word: yaml.Node, mapping: yaml.Node, name: str) -> list[Edit]:
    if not isinstance(mapping, yaml.MappingNode):
        return []
    gone = [pair for pair in mapping.value if pair[0].value == name]
    if not gone:
        return []
    if len(gone) == len(mapping.value):
        around = step if word is step.value[0][0] else word
        return [_lines(text, around, mapping)]
    if not mapping.flow_style:
        return [_lines(text, *gone[0])]
    left = [
        f"{key.value}: {text[value.start_mark.index : value.end_mark.index]}"
        for key, value in mapping.value
        if key.value != name
    ]
    return [_put(mapping, f"{{{', '.join(left)}}}")]


def _put(node: yaml.Node, source: str) -> Edit:
    return node.start_mark.index, node.end_mark.index, source


def _lines(text: str, first: yaml.Node, last: yaml.Node) -> Edit:
    """The whole lines from where the one begins to where the other ends."""
    start = text.rfind("\n", 0, first.start_mark.index) + 1
    stop = text.find("\n", _end(text, last))
    return start, len(text) if stop < 0 else stop + 1, ""


def _end(text: str, node: yaml.Node) -> int:
    """Behind its last sign; YAML counts blank lines and comments behind a block to it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())
