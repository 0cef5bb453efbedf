"""The whole tree: one version, no private words, every shipped site file right and driven by tests."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

import agent
from agent.sites.reader import read_site
from tests.meta.source import MODULES, ROOT, name_of, tree_of

SITES = [path for path in sorted((ROOT / "selectors").glob("*.yaml")) if not path.stem.startswith("_")]
PRIVATE = re.compile(
    r"(?<![\w./])/(?:work|tmp|root|home|users)/[a-z]"  # a machine's paths
    r"|\b(?:anthropic|openai|chatgpt|copilot)\b"
    r"|\bcla" + r"ude\b"
    r"|(?-i:\bTODO\b|\bFIXME\b)",
    re.IGNORECASE,
)
MAY_NAME_PATHS = {
    "tests/scripts/test_launch.py",  # where a Mac keeps its programs
    "tests/scripts/test_setup.py",
    "tests/meta/test_tree.py",
}
VAGUE = re.compile(r"(?:Manager|Helper|Utils?|Base|Handler)$")


@cache
def tracked() -> tuple[str, ...]:
    told = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if told.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in told.stdout.split("\0") if name and (ROOT / name).is_file())


def test_one_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changes, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert newest and newest.group(1) == agent.__version__ == project


def test_no_private_words() -> None:
    found = []
    for name in tracked():
        if name.endswith((".png", ".jpg")) or name in MAY_NAME_PATHS:
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            found += [f"{name}:{number}: {hit.group()}" for hit in PRIVATE.finditer(line)]
    assert not found


def test_no_secrets_and_no_data_in_the_tree() -> None:
    kept = ("ledger.db", "secrets.yaml", "placed_orders.csv", "agent.log", "agent.jsonl")
    assert not [name for name in tracked() if Path(name).name in kept]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_class_is_named_vaguely(path: Path) -> None:
    assert not [node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)]


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_a_shipped_site_file_is_right_and_driven(path: Path) -> None:
    site = read_site(path)
    assert site.site == path.stem
    package = path.stem if path.stem.isidentifier() else f"m{path.stem}"
    assert (ROOT / "tests" / "market" / package).is_dir(), "no stand-in"
    homes = [ROOT / "tests" / "market" / "demo.py", *(ROOT / "tests" / "road").glob("test_*.py")]
    told = re.compile(rf'^ +site: "?{path.stem}"?$', re.MULTILINE)
    assert any(told.search(home.read_text(encoding="utf-8")) for home in homes), "no program runs against it"


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_a_site_file_names_no_real_address_but_its_own(path: Path) -> None:
    hosts = set(re.findall(r"https?://[\w.-]+", path.read_text(encoding="utf-8")))
    assert hosts == set(read_site(path).hosts.values())
