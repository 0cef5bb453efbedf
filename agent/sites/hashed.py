"""What a piece of a site file hashes to: what it says, not where it stands or what is marked beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

_NOT_HASHED = ("line", "guess", "guessed_address")
_NOTHING: tuple[object, ...] = ((), "", None, False, {})  # a word left out of the file


def sha256_of(thing: object) -> str:
    """sha256 in hex over nouns of definition.py and what holds them."""
    return hashlib.sha256(json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(thing: object) -> object:
    """As JSON can say it, without line numbers; a dataclass carries its name, so that `tick` is never `click`.

    What is left out of a file adds nothing: a word that a later version learns undoes nothing that was proved.
    """
    if is_dataclass(thing) and not isinstance(thing, type):
        told = {f.name: getattr(thing, f.name) for f in fields(thing) if f.name not in _NOT_HASHED}
        return [type(thing).__name__, {name: _plain(value) for name, value in told.items() if value not in _NOTHING}]
    if isinstance(thing, Mapping):
        return [[key, _plain(value)] for key, value in thing.items()]
    if isinstance(thing, tuple | list):
        return [_plain(item) for item in thing]
    return thing
