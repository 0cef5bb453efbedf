"""A picture that looks like a QR code: three eyes, timing lines, a small eye, and dots that follow from its words. Nobody can pay with it."""

from __future__ import annotations

import random

SIDE = 33
_EYES = ((3, 3), (SIDE - 4, 3), (3, SIDE - 4))
_SMALL_EYE = (SIDE - 7, SIDE - 7)


def svg(words: str) -> str:
    """The same words draw the same picture."""
    rng = random.Random(f"code {words}")
    noise = [[rng.random() < 0.5 for _ in range(SIDE)] for _ in range(SIDE)]
    dots = "".join(f"M{x} {y}h1v1h-1z" for y in range(SIDE) for x in range(SIDE) if _dark(x, y, noise[y][x]))
    box = f'viewBox="-4 -4 {SIDE + 8} {SIDE + 8}" width="220" height="220" shape-rendering="crispEdges"'
    paper = f'<rect x="-4" y="-4" width="{SIDE + 8}" height="{SIDE + 8}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{paper}<path fill="#000" d="{dots}"/></svg>'


def _dark(x: int, y: int, noise: bool) -> bool:
    ring = min(max(abs(x - a), abs(y - b)) for a, b in _EYES)
    if ring <= 4:
        return ring not in (2, 4)
    small = max(abs(x - _SMALL_EYE[0]), abs(y - _SMALL_EYE[1]))
    if small <= 2:
        return small != 1
    return (x + y) % 2 == 0 if 6 in (x, y) else noise
