"""A site file as JSON Schema: what an editor needs to offer its words while they are typed.

Made of the tables that the reader goes by. It says less than `agent check`: names of pages and places are free, so only what
stands in a place of its own is held against the words known there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from agent.sites import grammar, steps
from agent.sites.contract import CONTRACTS
from agent.sites.definition import WAYS
from agent.sites.places import PlaceForm
from agent.sites.reader import SiteForm

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
TEXT: Schema = {"type": ["string", "number", "boolean"]}  # an editor takes 20 and yes for more than the text that they are
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
YES_NO: Schema = {"enum": ["yes", "no", True, False]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def table(values: Schema) -> Schema:
    """Names of the seller's own, each with such a value."""
    return {"type": "object", "additionalProperties": values}


def closed(words: Mapping[str, Schema], required: Iterable[str] = (), **more: Schema) -> Schema:
    """A mapping of these words and no others."""
    return {"type": "object", "properties": dict(words), "required": list(required), "additionalProperties": False, **more}


FLAGS = ("in_heading", "in_footing", "together", "before_sign_in")
LOCATED = ("find", "inside", "options", "here_if", *grammar.LIST_LOCATORS)
STEPS: Schema = {"type": "array", "items": ref("step"), "minItems": 1}
# What stands behind each verb, where it is more than one name.
BEHIND: Mapping[str, Schema] = MappingProxyType(
    {
        "fill": table(TEXT),
        "choose": table(TEXT),
        "tick": {"anyOf": [TEXT, table(YES_NO)]},
        "expect": TEXTS,
        "read": TEXTS,
        "for_each_line": STEPS,
        "where": table(TEXT),
        "do": STEPS,
    }
)


def site_schema() -> Schema:
    """The schema of a whole file."""
    return {
        "$schema": DRAFT,
        "title": "Site file",
        **closed(_top(), [name for name, field in SiteForm.model_fields.items() if field.is_required()]),
        "definitions": {
            "locator": {"type": "string", "pattern": f"^(row|({'|'.join(WAYS)})=.+)$"},
            "locators": {"anyOf": [ref("locator"), {"type": "array", "items": ref("locator"), "minItems": 1}]},
            "place": {"anyOf": [ref("locators"), closed({word: _word(word) for word in PlaceForm.model_fields})]},
            "list": _list(),
            "page": {
                **closed({word: _word(word) for word in grammar.PAGE_WORDS}),
                "additionalProperties": {"anyOf": [ref("place"), ref("list")]},
            },
            "step": {"anyOf": [_step(verb) for verb in steps.VERBS]},
        },
    }


def _top() -> dict[str, Schema]:
    told = SiteForm.model_json_schema()
    kinds = {name: {"enum": one["enum"]} for name, one in told["properties"].items() if "enum" in one}
    groups = {one: closed({word: TEXT for word in told["$defs"][form]["properties"]}) for one, form in _FORMS.items()}
    flows = {name: STEPS for contracts in CONTRACTS.values() for name in contracts}
    return {name: TEXT for name in SiteForm.model_fields} | {
        **kinds,
        **groups,
        "money_moves_at": {"enum": told["properties"]["money_moves_at"]["anyOf"][0]["enum"]},
        "merges_orders": YES_NO,
        "hosts": table(TEXT),
        "lacks": {"type": "array", "items": TEXT},
        "words": table(table(TEXTS)),
        "messages": table(TEXT),
        "signed_in_as": ref("place"),
        "busy": ref("locators"),
        "in_the_way": ref("locators"),
        "pages": table(ref("page")),
        "flows": closed(flows),
    }


_FORMS = MappingProxyType({"limits": "LimitsForm", "manners": "MannersForm"})


def _word(word: str) -> Schema:
    if word in LOCATED:
        return ref("locators")
    if word == "row_count":
        return ref("place")
    if word == "each_line":
        return {"type": "array", "items": TEXT}
    return YES_NO if word in FLAGS else TEXT


def _list() -> Schema:
    rows = closed({word: _word(word) for word in grammar.LIST_WORDS})
    return {**rows, "additionalProperties": ref("place"), "anyOf": [{"required": ["rows"]}, {"required": ["download"]}]}


def _step(verb: str) -> Schema:
    beside = [word for word, verbs in steps.COMPANIONS.items() if verb in verbs]
    required = [verb, "do"] if verb == "if_present" else [verb]
    return closed({word: BEHIND.get(word, TEXT) for word in (verb, *beside)}, required)
