"""The regions of `tests.market.regions` as ECShop-like malls keep them: a tree of numbers, each with a name and a parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.market import regions

ROOT = 1


@dataclass(frozen=True)
class Tree:
    """`names` by number, `children` by the number of the parent."""

    names: Mapping[int, str]
    children: Mapping[int, list[int]]

    def below(self, parent: int) -> list[dict[str, str]]:
        """The regions under one, as the page's script gets them."""
        return [{"id": str(number), "name": self.names[number]} for number in self.children.get(parent, [])]

    def name(self, number: str) -> str:
        return self.names.get(int(number), "") if number.isdigit() else ""


def _grow() -> Tree:
    names: dict[int, str] = {}
    children: dict[int, list[int]] = {}

    def add(parent: int, name: str) -> int:
        names[number := len(names) + 2] = name
        children.setdefault(parent, []).append(number)
        return number

    for province in regions.mall_provinces():
        at_province = add(ROOT, province)
        for city in regions.mall_cities(province):
            at_city = add(at_province, city)
            for district in regions.mall_districts(province, city):
                add(at_city, district)
    return Tree(names, children)


TREE = _grow()
