"""`agent check`: every mistake in the site files, the config and the products tables at once."""

from __future__ import annotations

from pathlib import Path

from agent.cli.tell import as_json, say, say_error
from agent.config import all_sites, read_config
from agent.errors import ConfigError
from agent.home import Home
from agent.sites.definition import Site
from agent.sites.document import Problem, Problems
from agent.sites.reader import read_site
from agent.words import _
from agent.work.start import products_of


def check_sites(home: Home, only: str | None, json_: bool) -> int:
    """Check the files, print what is wrong and how many places are guessed; 0 when all are right, else 2."""
    paths = [path for path in all_sites(home, templates=only is not None) if only in (None, path.stem)]
    if not paths:
        raise ConfigError(
            _("There is no site file “{}”").format(only),
            todo=_("Known are: {}").format(", ".join(path.stem for path in all_sites(home))),
        )
    problems: list[Problem] = []
    good: list[Site] = []
    for path in paths:
        try:
            good.append(read_site(path))
        except Problems as found:
            problems += found.problems
    if only is None:
        problems += _of_config(home)
    if json_:
        as_json("check", {"problems": [_plain(p) for p in problems], "guesses": {s.site: len(s.guesses()) for s in good}})
    else:
        _tell(good, problems)
    return 2 if problems else 0


def _of_config(home: Home) -> list[Problem]:
    if not home.config.exists():
        return []
    try:
        products_of(read_config(home))
    except Problems as found:
        return [problem for problem in found.problems if problem.file.parent.name != "selectors"]
    except ConfigError as error:
        return [Problem(error.where.file or home.config, error.where.line or 1, error.what, error.advice)]
    return []


def _tell(good: list[Site], problems: list[Problem]) -> None:
    for site in good:
        guesses = site.guesses()
        say(_("{file}: right. {count} guessed places").format(file=_short(site.path), count=len(guesses)))
    if problems:
        say_error(Problems(tuple(problems)))


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _plain(problem: Problem) -> dict[str, object]:
    return {"file": str(problem.file), "line": problem.line, "what": problem.what, "suggestion": problem.suggestion}
