"""The JSON Schema for editors: every shipped file fits it, what is mistyped where words are ours does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.home import SHIPPED_SITES
from agent.sites.schema import site_schema

FILES = sorted(SHIPPED_SITES.rglob("*.yaml"))
MALL = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8")
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Of JSON Schema what this one uses; a word beyond that is an error."""
    unknown = {*schema} - {*CHECKS, "$schema", "title", "definitions"}
    assert not unknown, unknown
    return all(CHECKS[word](value, told, schema, whole) for word, told in schema.items() if word in CHECKS)


def named(value: Any, told: dict[str, Any], _schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    return not isinstance(value, dict) or all(fits(one, told[name], whole) for name, one in value.items() if name in told)


def others(value: Any, told: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    rest = {*value} - {*schema.get("properties", ())} if isinstance(value, dict) else set()
    return all(told and fits(value[name], told, whole) for name in rest)


CHECKS: dict[str, Any] = {
    "$ref": lambda value, told, _s, whole: fits(value, whole["definitions"][told.rpartition("/")[2]], whole),
    "type": lambda value, told, *_: isinstance(value, tuple(TYPES[one] for one in ([told] if isinstance(told, str) else told))),
    "enum": lambda value, told, *_: value in told,
    "pattern": lambda value, told, *_: re.search(told, value) is not None,
    "anyOf": lambda value, told, _s, whole: any(fits(value, one, whole) for one in told),
    "items": lambda value, told, _s, whole: not isinstance(value, list) or all(fits(one, told, whole) for one in value),
    "minItems": lambda value, told, *_: not isinstance(value, list) or len(value) >= told,
    "required": lambda value, told, *_: not isinstance(value, dict) or {*told} <= {*value},
    "properties": named,
    "additionalProperties": others,
}


def good(text: str) -> bool:
    schema = json.loads(json.dumps(site_schema()))
    return fits(yaml.load(text, yaml.BaseLoader), schema, schema)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_fits(path: Path) -> None:
    assert good(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("in_the_way:", "in_the_wey:"),
        ("kind: supplier", "kind: suplier"),
        ("name: 小商城\n", ""),
        ("settle: 20 s", "setle: 20 s"),
        ("money_moves_at: month_end", "money_moves_at: months_end"),
        ("    - click: log_in", "    - clik: log_in"),
        ("browser_asks: 确定提交吗", "browser_ask: 确定提交吗"),
        ("    - click: log_in\n    - expect", "    - click: log_in\n      expect"),
        ("log_in: button=登录", "log_in: buton=登录"),
        ("log_in: button=登录", "log_in: 登录"),
        ("        find: css=#pager ", "        fnd: css=#pager "),
        ("  find_order:", "  find_ordr:"),
        ("before_sign_in: yes", "before_sign_in: ja"),
        ("    - expect: account", "    - expect: {account: yes}"),
    ],
)
def test_a_word_mistyped_does_not(old: str, new: str) -> None:
    assert MALL.count(old) and not good(MALL.replace(old, new, 1))
