"""What a person is asked to teach a site, and the file that their answers make.

The questions are the places of a site file to begin from, page by page; what is answered takes the place of what stands there, what
the site does not have goes with every step that names it, and what was left open stays as it was, marked `# guess`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from agent.sites import trimming
from agent.sites.contract import STATE_TABLES, SiteKind
from agent.sites.copies import copied
from agent.sites.document import Data
from agent.sites.editor import changed, several_changed
from agent.sites.quoting import spelled

Kind = Literal["page", "only_here", "place", "rows", "empty", "column", "options"]
Manner = Literal["list", "buttons", "box"]  # how a choice among options is made

# What a site need not have, by the page and the place of it; with it go other places of the page, whole pages (`pages.…`) and flows.
OPTIONAL: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("order_form", "province"): ("city", "district"),
        ("order_form", "city"): (),
        ("order_form", "district"): (),
        ("order_form", "supplier_note"): (),
        ("order_form", "add_line"): ("basket",),
        ("order_form", "basket"): (),
        ("order_form", "next"): (),
        ("thank_you", "supplier_order_number"): (),
        ("my_orders", "reference_searched"): (),
        ("my_orders", "number_searched"): (),
        ("my_orders", "search"): (),
        ("my_orders", "all_orders"): (),
        ("my_orders", "next_page"): (),
        ("my_orders", "nothing_found"): (),
        ("order_detail", "ordered_at"): (),
        ("order_detail", "shipments"): (),
        ("shop_orders", "to_ship"): (),
        ("shop_orders", "order_searched"): ("search",),
        ("shop_orders", "next_page"): (),
        ("shop_orders", "nothing_found"): (),
        ("shop_order", "order_kind"): ("line_kind", "product_id", "price"),
        ("shop_order", "source"): (),
        ("shop_order", "ship_by"): (),
        ("shop_order", "address_change"): (),
        ("shop_order", "reveal"): (),
        ("shop_order", "specification"): (),
        ("shop_order", "edit_note"): ("flag", "remark", "pages.note_form"),
    }
)
SIGNED_IN_AS = "signed_in_as"
_FLOWS = MappingProxyType(
    {
        ("my_orders", "reference_searched"): "find_order",
        ("shop_order", "reveal"): "reveal_receiver",
        ("shop_order", "edit_note"): "write_note",
    }
)
_LACKS = MappingProxyType(
    {
        ("order_detail", "shipments"): "parcels",
        ("shop_order", "order_kind"): "order_kind",
        ("shop_order", "ship_by"): "ship_by",
        ("shop_order", "address_change"): "address_change",
        ("shop_order", "reveal"): "mask",
        ("shop_order", "specification"): "specification",
        ("shop_order", "edit_note"): "notes",
    }
)
_SEARCHED = ("pages.my_orders.reference_searched", "pages.my_orders.number_searched")
_NEVER = (
    "before_sign_in",
    "words",
    "part",
    "attribute",
    "together",
    "in_heading",
    "in_footing",
    "inside",
    "for_each",
    "counted_by",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be shown: where the file says it, on which page, and in which list of it ("" for none)."""

    path: str
    page: str
    name: str
    kind: Kind
    rows: str = ""
    written: str = ""  # what the file to begin from says
    words: str = ""  # the table of `words:` that turns what stands there into ours

    @property
    def place(self) -> str:
        """The place of the page or of the list's rows that it is about; of what makes the rows the list."""
        suffix = {"rows": ".rows", "options": ".options"}.get(self.kind, ".find")
        return self.path.removesuffix(suffix)

    @property
    def may_be_none(self) -> bool:
        """Whether a site may be without it."""
        whole = self.name if self.kind != "rows" else self.rows
        return self.path == SIGNED_IN_AS or (self.page, whole) in OPTIONAL


@dataclass
class Draft:
    """What was answered so far. `answers` by path; `seen`: those found on the page; `none`: places that the site does not have."""

    name: str
    kind: SiteKind
    base: str
    host: str = ""
    title: str = ""
    money: str = ""
    manner: Manner = "buttons"
    browser_asks: str = ""  # what the browser itself asks at the click that places the order
    answers: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)  # left open by a person
    states: dict[str, list[str]] = field(default_factory=dict)  # of `order_states`: our word → the site's
    tables: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # the other tables of `words:`

    def answer(self, path: str, value: str, *, seen: bool) -> None:
        self.forget(path)
        self.answers[path] = value
        if seen:
            self.seen.append(path)

    def forget(self, path: str) -> None:
        """As if it had never been asked."""
        self.answers.pop(path, None)
        for known in (self.seen, self.none, self.passed):
            while path in known:
                known.remove(path)

    def table(self, name: str) -> dict[str, list[str]]:
        """What is known of a table of `words:`: our word → the site's."""
        return self.states if name == "order_states" else self.tables.setdefault(name, {})

    def is_told(self, question: Question) -> bool:
        """Whether there is nothing to ask here any more."""
        path = question.path
        return path in self.answers or path in self.passed or question.place in self.none or self.goes_with(question)

    def goes_with(self, question: Question) -> bool:
        """Whether it is gone with something else that the site does not have."""
        page = f"pages.{question.page}"
        return any(one in (page, f"{page}.{question.rows}", f"{page}.{question.name}", question.place) for one in self.gone())

    def gone(self) -> Iterator[str]:
        """The paths of places that the site does not have, those that go with them too."""
        if all(path in self.none for path in _SEARCHED):
            yield "pages.my_orders.search"
        for path in self.none:
            yield path
            page, name = [*path.split("."), "", ""][1:3]
            others = OPTIONAL.get((page, name), ())
            yield from (other if "." in other else f"pages.{page}.{other}" for other in others)


def questions(base: Data) -> Iterator[Question]:
    """The questions that a site file to begin from asks, in its order."""
    pages = base["pages"] if isinstance(base, dict) else {}
    signed_in = _text(_found(base[SIGNED_IN_AS])) if isinstance(base, dict) and SIGNED_IN_AS in base else ""
    for page, places in pages.items() if isinstance(pages, dict) else ():
        if not isinstance(places, dict):
            continue
        told = places.get("open_at", "")
        yield Question(f"pages.{page}.open_at", page, "open_at", "page", written=told if isinstance(told, str) else "")
        for name, value in places.items():
            if name not in ("open_at", *_NEVER):
                yield from _of_place(page, name, value)
        if signed_in and "before_sign_in" not in places:
            yield Question(SIGNED_IN_AS, page, SIGNED_IN_AS, "place", written=signed_in)
            signed_in = ""


def _found(value: Data) -> Data:
    return value.get("find", "") if isinstance(value, dict) else value


def _of_place(page: str, name: str, value: Data) -> Iterator[Question]:
    path = f"pages.{page}.{name}"
    if isinstance(value, dict) and "rows" in value:
        yield from _of_list(page, name, value)
    elif isinstance(value, dict) and "options" in value and "find" not in value:
        yield Question(f"{path}.options", page, name, "options", written=_text(value["options"]))
    elif isinstance(value, dict):
        told = _text(value.get("find", ""))
        yield Question(f"{path}.find", page, name, "place", written=told, words=_text(value.get("words", "")))
    else:
        yield Question(path, page, name, "only_here" if name == "here_if" else "place", written=_text(value))


def _of_list(page: str, rows: str, value: dict[str, Data]) -> Iterator[Question]:
    path = f"pages.{page}.{rows}"
    yield Question(f"{path}.rows", page, "rows", "rows", rows, _text(value["rows"]))
    for name, told in value.items():
        if name in ("rows", "heading_rows", "footing_rows", "skip_rows", "row_count", "remove", "download", *_NEVER):
            continue
        if name in ("nothing_found", "next_page"):
            yield Question(f"{path}.{name}", page, name, "empty" if name == "nothing_found" else "place", rows, _text(told))
        elif isinstance(told, dict):
            found = _text(told.get("find", ""))
            yield Question(f"{path}.{name}.find", page, name, "column", rows, found, _text(told.get("words", "")))
        else:
            yield Question(f"{path}.{name}", page, name, "column", rows, _text(told))


def _text(value: Data) -> str:
    """One locator; of several spellings the first."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return value if isinstance(value, str) else ""


def written(base: str, draft: Draft) -> str:
    """The text of the site file that the answers make. Raises ConfigError for an answer that no line can hold."""
    text = _top(copied(base, draft.name), draft)
    for path in dict.fromkeys(draft.gone()):
        text = _taken_out(text, path)
    if draft.kind == "supplier":
        text = _joined(text, draft)
    text = _shown(text, draft)
    for table, words in (("order_states", draft.states), *draft.tables.items()):
        for word, theirs in words.items():
            text = changed(text, f"words.{table}.{word}", theirs)
    return text


def _top(text: str, draft: Draft) -> str:
    for path, value in (("name", draft.title), ("hosts.main", draft.host), ("money_moves_at", draft.money)):
        if value:
            text = changed(text, path, value)
    return text


def _taken_out(text: str, path: str) -> str:
    if path == SIGNED_IN_AS:
        return trimming.without_top(text, path)
    keys = path.split(".")
    if len(keys) == 2:
        return trimming.without_page(text, keys[1])
    page, name = keys[1], keys[-1]
    text = trimming.without(text, page, name)
    if flow := _FLOWS.get((page, name)):
        text = trimming.without_flow(text, flow)
    if lack := _LACKS.get((page, name)):
        text = changed(text, "lacks", [*trimming.listed(text, "lacks"), lack])
    return text


def _joined(text: str, draft: Draft) -> str:
    """What hangs together in a supplier's file: region and address, the search, how a specification is chosen."""
    if "pages.order_form.province" in draft.none:
        text = text.replace("address: <receiver.town><receiver.detail>", "address: <receiver.address>")
    text = text.replace("    - expect: my_orders\n    - expect: my_orders\n", "    - expect: my_orders\n")
    if draft.browser_asks:
        line = f"      browser_asks: {spelled(draft.browser_asks, 'line')}\n"
        text = text.replace("    - commit: place_order\n", f"    - commit: place_order\n{line}")
    for name in ("busy", "in_the_way"):  # nobody was asked for them, and those of the template are invented
        text = trimming.without_top(text, name)
    return text


def _shown(text: str, draft: Draft) -> str:
    """What was answered, in the place of what stood there."""
    gone = tuple(draft.gone())
    values: dict[str, tuple[str, bool]] = {}
    for path, value in draft.answers.items():
        if any(f"{path}.".startswith(f"{one}.") for one in gone):
            continue
        place = path
        if path.endswith(".options") and draft.manner != "buttons":
            text, place = _chosen(text, path.removesuffix(".options"), value, draft)
        values[place] = (value, path in draft.seen)
    return several_changed(text, values)


def _chosen(text: str, place: str, locator: str, draft: Draft) -> tuple[str, str]:
    """A choice that is made in one box, not among options that lie side by side; and the path of what finds it then."""
    _pages, page, name = place.split(".")
    if trimming.has_words(text, page, name):  # the table that turns our word into the site's stays
        return trimming.renamed(text, page, name, "options", "find"), f"{place}.find"
    text = trimming.in_one_line(text, page, name, locator)
    return (trimming.verb_changed(text, name, "choose", "fill") if draft.manner == "box" else text), place


def left_open(base: Data, draft: Draft) -> tuple[Question, ...]:
    """What nobody has shown: it stands in the file as a guess."""
    asked = (one for one in questions(base) if one.written and one.kind not in ("empty",))
    return tuple(
        one for one in asked if one.path not in draft.seen and one.place not in draft.none and not draft.goes_with(one)
    )


def our_words(kind: SiteKind, table: str) -> tuple[str, ...]:
    """Our words of a table of `words:`, such as those for how far an order came."""
    return STATE_TABLES[kind].get(table, ())


def as_data(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def of_data(told: Mapping[str, Any]) -> Draft:
    """Raises TypeError, KeyError for what is none."""
    return Draft(**told)
