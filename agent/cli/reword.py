"""A person who looks on has another locator for a place: it goes into the site file, and counts from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from agent.browser.watching import Rewording
from agent.cli.edited import print_edited
from agent.home import Home
from agent.sites.definition import Site
from agent.sites.document import document_of, text_of
from agent.sites.editor import at
from agent.sites.reader import read_site
from agent.work.run import Run
from agent.work.site_files import set_value


def reword(home: Home, run: Run, change: Rewording) -> Site:
    """Write it, and have the run go on with it. Raises as `reworded`."""
    site = reworded(home, change, run.now())
    names = [name for name, known in run.config.sites.items() if known.path == change.site.path]
    run.config = replace(run.config, sites={**run.config.sites, **dict.fromkeys(names, site)})
    return site


def reworded(home: Home, change: Rewording, now: datetime) -> Site:
    """Write it into the site file, and read that anew. Raises AgentError where it was not taken; the file is as before then."""
    before = change.site.path
    path = ".".join(change.path)
    if isinstance(at(document_of(before, text_of(before)), path).value, dict):
        path += ".find"
    edited = set_value(home, before.stem, path, change.locators, seen=True, now=now)
    print_edited(edited)
    return read_site(edited.file)
