"""A page a case, of each library; flows played from YAML; what the page told the server is the truth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from agent.models import Reading
from tests.browser.conftest import Agent, agent_for, little, pages_come, warm
from tests.browser.little import Answer, Little
from tests.components.libraries import LIBRARIES, Library, NoNpm

__all__ = ["agent_for", "little", "pages_come", "warm"]
HERE = Path(__file__).parent
LOADED = 10.0  # seconds in which a library of two megabytes has come, on a computer with more to do
FONTS = re.compile(r"@font-face\s*{[^}]*}")
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class Kit:
    """The little site with one library's pages, and the agent on it."""

    library: Library
    little: Little
    make: Callable[..., Agent]

    def agent(self, case: str, places: str, steps: str, more: str = "", **options: Any) -> Agent:
        """The agent on a page of this case: `places` are those of the page, `steps` the flow `f`."""
        page = f"pages:\n  page:\n    open_at: /?case={case}\n    here_if: heading=页面\n{places}"
        return self.make(f"{page}{more}flows:\n  f:\n    - open: page\n{steps}", **{"wait_for_page": LOADED} | options)

    def play(self, case: str, places: str, steps: str, values: dict[str, Any] | None = None, **options: Any) -> Reading:
        return self.agent(case, places, steps, **options).play("f", values)

    def play_hurried(self, case: str, places: str, steps: str, values: dict[str, Any]) -> Reading:
        """As `play`, of steps that wait in vain: once the page has come, nothing is waited for longer than two seconds."""
        agent = self.agent(case, places, f"  g:\n    - expect: page\n{steps}")
        agent.play("f")
        agent.stage.patience = replace(agent.stage.patience, page=2)
        return agent.play("g", values)

    def told(self, least: int = 0) -> dict[str, str]:
        """What the page held last, by name, once it has told so often."""
        self.little.wait_for_posts(least)
        return {one.fields["name"]: one.fields["value"] for one in self.little.posts if one.path == "/told"}

    @property
    def orders(self) -> int:
        return sum(one.path == "/order" for one in self.little.posts)


@pytest.fixture(params=LIBRARIES, ids=lambda library: library.name)
def kit(request: pytest.FixtureRequest, little: Little, agent_for: Callable[..., Agent]) -> Iterator[Kit]:
    library: Library = request.param
    try:
        files = library.fetched()
    except NoNpm as error:
        pytest.skip(f"pages of real component libraries are not tested here: {error}")
    scripts = [*files, HERE / "common.js", HERE / library.page]
    for at, path in enumerate(scripts):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            text = FONTS.sub("", text)  # pictures for letters, from elsewhere
        if path.name == "antd.min.css":  # its classes under the prefix that the pages give it
            text = text.replace(".ant-", f".{library.prefix}-")
        little.pages[f"/{at}{path.suffix}"] = Answer(text, headers=(("Content-Type", KINDS[path.suffix]),), bare=True)
    tags = "".join(
        f'<link rel=stylesheet href="/{at}.css">' if path.suffix == ".css" else f'<script src="/{at}.js"></script>'
        for at, path in enumerate(scripts)
    )
    little.pages["/"] = f'<div id=root></div><script>window.PREFIX = "{library.prefix}"</script>{tags}'
    little.pages |= {"/told": "ok", "/order": "ok"}
    yield Kit(library, little, agent_for)
