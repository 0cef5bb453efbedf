"""click in the person's language: help texts of ours and click's own sentences are translated when they are printed.

The language is known only once the group's options are read, long after the texts were given to the decorators.
"""

from __future__ import annotations

from functools import partial
from types import ModuleType
from typing import Any

import click
from click import core, decorators, exceptions, formatting, parser, types

from agent import words
from agent.words import later

CLICK_SAYS = (
    later("Usage:"),
    later("Options"),
    later("Commands"),
    later("required"),
    later("Error: {message}"),
    later("Try '{command} {option}' for help."),
    later("Missing command."),
    later("Missing option"),
    later("Missing argument"),
    later("No such option {name!r}."),
    later("No such command {name!r}."),
    later("Option {name!r} requires an argument."),
    later("Option {name!r} does not take a value."),
    later("Got unexpected extra argument ({args})"),
    later("Got unexpected extra arguments ({args})"),
    later("Invalid value for {param_hint}: {message}"),
    later("{value!r} is not one of {choices}."),
    later("{value!r} is not a valid {number_type}."),
    later("Did you mean {possibility}?"),
    later("(Did you mean one of: {possibilities}?)"),
)


class _Help:
    """A help text that is translated whenever it is read."""

    def __get__(self, owner: Any, _kind: type) -> str | None:
        text = owner.__dict__["help"]
        return words._(text) if text else None

    def __set__(self, owner: Any, text: str | None) -> None:
        owner.__dict__["help"] = text


class Option(click.Option):
    help = _Help()


class _HelpOption(click.Command):
    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """click makes it once, before the language is known."""
        made = super().get_help_option(ctx)
        if made:
            made.help = words._("Show this message and exit.")
        return made


class Command(_HelpOption):
    help = _Help()


class Group(_HelpOption, click.Group):
    help = _Help()
    command_class = Command


option = partial(click.option, cls=Option)


def click_speaks() -> None:
    """Let click's own sentences go through our catalogue: it asks gettext by these two names in each of its modules."""
    parts: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, types)
    for part in parts:
        for name, ours in (("_", words._), ("ngettext", _one_or_many)):
            if hasattr(part, name):
                setattr(part, name, ours)


def _one_or_many(one: str, many: str, count: int) -> str:
    return words._(one if count == 1 else many)
