"""A picture or PDF that a person has of something (a transfer, a receipt), copied into the evidence of the data folder.

Its name is ours, it is readable by its owner only, and what it is is known by its content: nothing else is taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from agent.errors import ConfigError, MachineFailed, Where
from agent.models import SHANGHAI
from agent.words import _

MOST = 20_000_000  # bytes
FOLDER = "repaid"
# What a file begins with → the ending it gets.
_KINDS: Mapping[str, re.Pattern[bytes]] = {
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "heic": re.compile(rb".{4}ftyp(heic|heix|mif1)", re.DOTALL),  # an iPhone's
    "pdf": re.compile(rb"%PDF-"),
}


def content_of(path: Path) -> tuple[bytes, str]:
    """What it holds, and its kind. Raises ConfigError where it cannot be read, or is neither picture nor PDF."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError as error:
        raise _refused(path, str(error.strerror)) from error
    if not content:
        raise _refused(path, _("it is empty"))
    if len(content) > MOST:
        raise _refused(path, _("it is larger than {} MB").format(MOST // 1_000_000))
    kind = next((kind for kind, begins in _KINDS.items() if begins.match(content)), "")
    if not kind:
        raise _refused(path, _("it is neither a picture (JPG, PNG, WebP, HEIC) nor a PDF"))
    return content, kind


def keep(content: bytes, kind: str, folder: Path, name: str, now: datetime) -> Path:
    """Copy it into `folder`. Raises MachineFailed where that cannot be written."""
    plain = re.sub(r"[^0-9A-Za-z_-]+", "_", name)[:60].strip("_") or "evidence"
    path = folder / FOLDER / f"{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S-%f}-{plain}.{kind}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        what = _("The evidence could not be kept: {}").format(error.strerror)
        raise MachineFailed(what, where=Where(file=path), todo=_("Free space on that disk; nothing was recorded.")) from error
    return path


def _refused(path: Path, why: str) -> ConfigError:
    return ConfigError(
        _("The evidence {name} cannot be taken: {why}").format(name=path.name, why=why),
        where=Where(file=path),
        todo=_("Give a picture or a PDF of the transfer; nothing was recorded."),
    )
