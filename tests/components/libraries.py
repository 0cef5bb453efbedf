"""The component libraries: the few files of each that a page needs, out of npm's own archives, fetched once and kept."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.market.seller import ROOT

FOLDER = ROOT / ".components"
LONGEST = 180  # seconds for npm to fetch one package


class NoNpm(Exception):
    """npm is not here, or does not get the package; the words say which."""


@dataclass(frozen=True)
class Library:
    """A library and the script of its pages. `files`: package@version → files of it, in order.

    `prefix`: Ant Design under a prefix of its own, as the back offices built on it are.
    """

    name: str
    page: str
    files: dict[str, tuple[str, ...]]
    prefix: str = ""

    def fetched(self) -> list[Path]:
        """Its files on this disk, in the order a page loads them. Raises NoNpm."""
        return [path for package, names in self.files.items() for path in _fetched(package, names)]


REACT = {
    "react@18.3.1": ("umd/react.production.min.js",),
    "react-dom@18.3.1": ("umd/react-dom.production.min.js",),
}
DAYJS = tuple(
    ["dayjs.min.js", "locale/zh-cn.js"]
    + [
        f"plugin/{name}.js"
        for name in ("weekday", "localeData", "advancedFormat", "customParseFormat", "weekOfYear", "weekYear")
    ]
)
LIBRARIES = (
    Library(
        "antd-4",
        "antd.js",
        {
            **REACT,
            "moment@2.29.4": ("min/moment-with-locales.min.js",),
            "antd@4.24.16": ("dist/antd.min.css", "dist/antd-with-locales.min.js"),
        },
        "auxo",
    ),
    Library(
        "antd-6",
        "antd.js",
        {**REACT, "dayjs@1.11.23": DAYJS, "antd@6.6.8": ("dist/reset.css", "dist/antd-with-locales.min.js")},
        "aurora",
    ),
    Library(
        "element-plus",
        "element.js",
        {
            "vue@3.5.45": ("dist/vue.global.prod.js",),
            "element-plus@2.14.8": ("dist/index.css", "dist/index.full.min.js", "dist/locale/zh-cn.min.js"),
        },
    ),
    Library(
        "fusion",
        "fusion.js",
        {
            "react@16.14.0": REACT["react@18.3.1"],  # what it is built with
            "react-dom@16.14.0": REACT["react-dom@18.3.1"],
            "moment@2.29.4": ("min/moment-with-locales.min.js",),
            "@alifd/next@1.27.34": ("dist/next.min.css", "dist/next.min.js"),
        },
    ),
    Library("layui", "layui.js", {"layui@2.13.6": ("dist/css/layui.css", "dist/layui.js")}),
)


def _fetched(package: str, names: tuple[str, ...]) -> list[Path]:
    folder = FOLDER / package
    if not all((folder / name).exists() for name in names):
        FOLDER.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=FOLDER) as aside:
            _fetch(package, names, Path(aside))
            for name in names:  # whole or not at all: other processes of these tests fetch it, too
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(aside) / name).replace(folder / name)
    return [folder / name for name in names]


def _fetch(package: str, names: tuple[str, ...], aside: Path) -> None:
    """Get npm's archive of the package; its `names` then stand in the folder `aside`."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoNpm("npm is not installed")
    words = [npm, "pack", package, "--silent", "--pack-destination", str(aside)]
    end = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST, check=False)
    archives = list(aside.glob("*.tgz"))
    if end.returncode or not archives:
        raise NoNpm(f"npm does not get {package}: {end.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        for name in names:
            held = archive.extractfile(f"package/{name}")
            assert held is not None, f"{package} has no {name}"
            target = aside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(held.read())
