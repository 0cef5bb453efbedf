"""What people type as an option's value, read once and refused in the same words."""

from __future__ import annotations

from datetime import date

from agent.errors import ConfigError
from agent.words import _


def day_typed(words: str) -> date:
    """A day, as 2026-12-25. Raises ConfigError for what is none."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise ConfigError(_("`{}` is no day").format(words), todo=_("Write it as 2026-12-25.")) from error
