"""What was changed in a site file, as it is printed."""

from __future__ import annotations

from agent.cli.tell import say
from agent.terms import FLOWS, plain
from agent.words import _
from agent.work.site_files import Edited


def print_edited(edited: Edited) -> None:
    """What was changed, line by line, and what follows of it."""
    if edited.kept is None:
        say(_("{file}: this stands there already; nothing was written.").format(file=edited.file))
        return
    if edited.copied_from:
        say(_("{} came with the program, so it was copied; your copy is used from now on.").format(edited.copied_from))
    say(_("Changed: {}").format(edited.file))
    for title, lines in ((_("before"), edited.before), (_("now"), edited.now)):
        for number, line in lines:
            place = _("{title}, line {line}").format(title=title, line=number)
            say(f"  {place}: {line}")
    say(_("The version before is kept: {}").format(edited.kept))
    if edited.to_prove:
        say(_("To be proven again before it runs unattended: {}").format(_flows(edited.to_prove)))
        say(_("Watch it once with `agent run --once --step --headed`; once a write of it is proven it goes on alone."))


def _flows(names: tuple[str, ...]) -> str:
    return ", ".join(plain(FLOWS, name) for name in names)
