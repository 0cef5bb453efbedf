"""How the pictures of a report stand on its page: inside it as long as there is room, else as a link to their file."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}  # what a file begins with, whatever its name says


def shown(pictures: Iterable[Path], *, evidence: Path, beside: Path, room: int) -> dict[Path, str]:
    """A `data:` address each while there is `room` (in bytes of the page), then one relative to the folder `beside`.

    "" for what is no picture of ours: nothing outside `evidence` is ever put on a page.
    """
    made = {}
    for picture in pictures:
        made[picture] = _source(picture, evidence, beside, room)
        room -= len(made[picture])
    return made


def _source(picture: Path, evidence: Path, beside: Path, room: int) -> str:
    try:
        if not picture.resolve().is_relative_to(evidence.resolve()):
            return ""
        kind = _kind(picture)
        if not kind:
            return ""
        if _encoded(picture.stat().st_size) > room:
            return quote(Path(os.path.relpath(picture, beside)).as_posix())
        return f"data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode('ascii')}"
    except OSError:
        return ""


def _kind(picture: Path) -> str:
    with picture.open("rb") as file:
        begins = file.read(8)
    return next((kind for mark, kind in KINDS.items() if begins.startswith(mark)), "")


def _encoded(size: int) -> int:
    """How many letters of a page so many bytes take."""
    return len("data:image/jpeg;base64,") + (size + 2) // 3 * 4
