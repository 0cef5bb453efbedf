"""Site files as the seller has them: which file a name means, and one value changed in the seller's own copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.config import all_sites
from agent.errors import ConfigError, Where
from agent.home import SHIPPED_SITES, Home
from agent.sites.copies import may_be_named
from agent.sites.definition import Site
from agent.sites.document import Document, Problems, document_of, text_of
from agent.sites.editor import changed, lines_changed, save
from agent.sites.reader import site_of
from agent.sites.saving import copied_to
from agent.words import _
from agent.work.rights import JOURNALLED

Lines = tuple[tuple[int, str], ...]  # each with its number


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a site file: its lines before and now (none where they were so already), and what hangs on them."""

    file: Path
    before: Lines
    now: Lines
    kept: Path | None  # the version before
    copied_from: Path | None  # the program's own file, whose copy this is from now on
    to_prove: tuple[str, ...]  # writing flows that are others now


def file_of(home: Home, name: str) -> Path:
    """The site file of this name: the seller's own, else a shipped one, an example or the template. Raises ConfigError."""
    files = {path.stem: path for path in all_sites(home, templates=True)}
    if name not in files:
        raise ConfigError(
            _("There is no site file “{}”").format(name), todo=_("Known are: {}").format(", ".join(sorted(files)))
        )
    return files[name]


def set_value(home: Home, name: str, path: str, value: str | Sequence[str], *, seen: bool, now: datetime) -> Edited:
    """Change one value of a site file; of one that comes with the program, in a copy in the seller's own folder.

    Raises Problems for what the file cannot say, ConfigError for a path that is not there; then nothing was written.
    """
    source = file_of(home, name)
    text = text_of(source)
    document = document_of(source, text)
    new = changed(text, path, value, seen=seen, file=source)
    if new == text:
        return Edited(source, (), (), None, None, ())
    site = site_of(document_of(source, new))
    target, kept = _write(home, source, text, new, now)
    gone, come = lines_changed(text, new)
    return Edited(target, tuple(gone), tuple(come), kept, source if target != source else None, _to_prove(document, site))


def _write(home: Home, source: Path, text: str, new: str, now: datetime) -> tuple[Path, Path]:
    """Save it, in a copy where it is the program's own file; where it lies then, and where the version before does."""
    if not source.resolve().is_relative_to(SHIPPED_SITES.resolve()):
        return source, save(source, text, new, home.site_versions, now)
    if not may_be_named(source.stem):
        raise ConfigError(
            _("“{}” is a template, not a site").format(source.stem),
            where=Where(file=source),
            todo=_("`agent site copy {} NEW` makes a site file of it.").format(source.stem),
        )
    target = home.make().site_folders[0] / source.name
    copied_to(target, text)
    with ExitStack() as undo:
        undo.callback(target.unlink)
        kept = save(target, text, new, home.site_versions, now)
        undo.pop_all()
    return target, kept


def _to_prove(before: Document, after: Site) -> tuple[str, ...]:
    """The writing flows that are no longer what they were; all where the file could not be read before."""
    flows = [flow for flow in JOURNALLED if flow in after.flows]
    try:
        old = site_of(before)
    except Problems:
        return tuple(flows)
    return tuple(flow for flow in flows if flow not in old.flows or old.flow_hash(flow) != after.flow_hash(flow))
