"""A site file written anew: checked before a byte of it is, never over what somebody else has changed, the old version kept."""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from agent.errors import ConfigError, Where
from agent.sites.definition import Site
from agent.sites.document import document_of, text_of
from agent.sites.reader import site_of
from agent.words import _

MOST_SHOWN = 20  # lines of what somebody else has changed


def save(path: Path, before: str, new: str, old_versions: Path, now: datetime) -> Path:
    """Put `new` into the site file that held `before`, and return where the old version is kept.

    Raises Problems with every mistake in `new`, ConfigError where the file holds something else than `before` by now, or cannot
    be written. Then it is as it was.
    """
    checked(path, new)
    path = path.resolve()  # a link stays a link
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    with _writing(path):
        _refuse_changed(path, before)
        try:
            _write(made, new)
            shutil.copymode(path, made)
            kept = _keep(old_versions, path.stem, before, now)
            _refuse_changed(path, before)
            os.replace(made, path)
        finally:
            made.unlink(missing_ok=True)
    return kept


def checked(path: Path, text: str) -> Site:
    """The site that the file would say with this text. Raises Problems as `read_site` does."""
    return site_of(document_of(path, text))


def copied_to(path: Path, text: str) -> None:
    """A new file with this text, for its owner alone. Raises ConfigError where it cannot be written, or is there already."""
    with _writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, text)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(
            _("The site file cannot be written: {}").format(error.strerror),
            where=Where(file=path),
            todo=_(
                "See whether its folder is read-only, its disk full, or the file open in another program; nothing was changed."
            ),
        ) from error


def _refuse_changed(path: Path, before: str) -> None:
    there = text_of(path)
    if there == before:
        return
    old, new = (text.replace("\r\n", "\n").split("\n") for text in (before, there))
    told = list(difflib.unified_diff(old, new, _("as it was read"), _("as it is now"), lineterm="", n=1))
    more = [_("… and {} more lines").format(len(told) - MOST_SHOWN)] if len(told) > MOST_SHOWN else []
    raise ConfigError(
        "\n".join([_("Somebody has changed the site file meanwhile; nothing was written."), *told[:MOST_SHOWN], *more]),
        where=Where(file=path),
        todo=_("Look at it, then give the same command again."),
    )


def _keep(folder: Path, name: str, text: str, now: datetime) -> Path:
    """The text in a file of its own, for its owner alone; another one of the same second gets a number."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    second = f"{name}-{now:%Y%m%d-%H%M%S}"
    names = (f"{second}{f'-{number}' if number > 1 else ''}.yaml" for number in count(1))
    path = next(path for path in map(folder.joinpath, names) if not path.exists())
    _write(path, text)
    return path


def _write(path: Path, text: str) -> None:
    """A file that is not there yet, on disk before anything relies on it. Raises FileExistsError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
