"""What people type as a value, read once and refused in the same words."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from agent.errors import ConfigError
from agent.words import _


def day_typed(words: str) -> date:
    """A day, as 2026-12-25. Raises ConfigError for what is none."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise ConfigError(_("`{}` is no day").format(words), todo=_("Write it as 2026-12-25.")) from error


class _Number(click.types.IntParamType):
    """The number of a row in the ledger: whole, not below 0, and none that SQLite could not hold."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number: int = super().convert(value, param, ctx)
        if not 0 <= number < 2**63:
            self.fail(_("{value!r} is not a valid {number_type}.").format(value=value, number_type=self.name), param, ctx)
        return number


NUMBER = _Number()
