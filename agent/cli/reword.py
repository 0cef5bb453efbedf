"""A person who looks on has another locator for a place: it goes into the site file, and counts from then on."""

from __future__ import annotations

from dataclasses import replace

from agent.browser.watching import Rewording
from agent.cli.tell import say
from agent.home import Home
from agent.sites import editor
from agent.sites.definition import Site
from agent.words import _
from agent.work.run import Run


def reword(home: Home, run: Run, change: Rewording) -> Site:
    """Write it into the site file, and read that anew. Raises AgentError where it was not taken; the file is as before then."""
    edited = editor.edit(home, change.site.path, ".".join(change.path), (change.locator,), seen=True)
    say(_("Written into {file}, line {line}: {words}").format(file=edited.path, line=edited.line, words=change.locator))
    names = [name for name, site in run.config.sites.items() if site.path in (change.site.path, edited.path)]
    run.config = replace(run.config, sites={**run.config.sites, **dict.fromkeys(names, edited.site)})
    return edited.site
