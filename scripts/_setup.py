"""Makes the checkout ready to run: `.venv` with the pinned packages, a browser, a Chinese font. Standard library only.

What is ready is remembered in a stamp inside `.venv`, so that a later start only reads that. Whatever is missing and
cannot be got is told in one sentence with the command to type. All of it goes to stderr: stdout is the script's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "ready.json"
LOCK = ROOT / ".venv.lock"
REQUIREMENTS = ROOT / "scripts" / "requirements.txt"
MADE_OF = (REQUIREMENTS, ROOT / "pyproject.toml")

OF_PLAYWRIGHT = "playwright"
LAST_LINES = 12
SHELL = "chromium-headless-shell"  # a Debian package, and its command
NOT_FOUND = 3  # exit code of agent.browser.launch: there is no browser at all
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_NAMES = ("cjk", "wqy", "sourcehan", "fallback", "simsun", "msyh", "uming", "ukai", "notosanssc", "notoserifsc")


class NotReady(Exception):
    """One sentence: what is missing and the command to type."""


@dataclass(frozen=True)
class Stamp:
    """What was made ready. `browser`: None not yet looked for, "" none to be had, "playwright" its own, else a path.

    `shell`: the tests' quick browser was asked for once; without it they take the other.
    """

    made_of: str = ""
    python: str = ""
    browser: str | None = None
    shell: bool = False


def prepare(*, must_have_browser: bool) -> Path:
    """Make everything ready that is not, and return the `.venv`'s Python. Raises NotReady."""
    if not is_ready(read_stamp(STAMP), must_have_browser):
        with one_at_a_time(LOCK):
            make_ready(must_have_browser)
    return PYTHON


def prepare_for_tests() -> Path:
    """The same, with the browser without windows where it can be had: in it tests take half the time."""
    python = prepare(must_have_browser=True)
    stamp = read_stamp(STAMP)
    if not stamp.shell:
        with one_at_a_time(LOCK):
            if stamp.browser == OF_PLAYWRIGHT:
                download_with_playwright("--only-shell")
            elif may_use_apt() and shutil.which("chromium") and not shutil.which(SHELL):
                install_with_apt([SHELL])
            write_stamp(STAMP, replace(stamp, shell=True))
    return python


def make_ready(must_have_browser: bool) -> None:
    """Do what the stamp does not already vouch for: another start may have done it while this one waited."""
    stamp = read_stamp(STAMP)
    if not packages_ready(stamp):
        fresh = not STAMP.exists() or stamp.python == real_path(PYTHON)
        install_packages(keep=fresh and PYTHON.exists())
        stamp = replace(stamp, made_of=fingerprint(MADE_OF, ROOT), python=real_path(PYTHON))
        write_stamp(STAMP, stamp)
    if not browser_ready(stamp, must_have_browser):
        browser, trouble = get_browser()
        write_stamp(STAMP, replace(stamp, browser=browser))
        if trouble and must_have_browser:
            raise NotReady(trouble)


def is_ready(stamp: Stamp, must_have_browser: bool) -> bool:
    return packages_ready(stamp) and browser_ready(stamp, must_have_browser)


def packages_ready(stamp: Stamp) -> bool:
    # The real path of the Python changes when the system goes from 3.11 to 3.12: then the packages are gone.
    return PYTHON.exists() and stamp.python == real_path(PYTHON) and stamp.made_of == fingerprint(MADE_OF, ROOT)


def browser_ready(stamp: Stamp, must_have_browser: bool) -> bool:
    # A job may run without: config.yaml can name a browser that stands where nobody looks.
    if not stamp.browser:
        return stamp.browser == "" and not must_have_browser
    return stamp.browser == OF_PLAYWRIGHT or os.path.isfile(stamp.browser)


def read_stamp(path: Path) -> Stamp:
    """The stamp, or an empty one if there is none that can be read."""
    try:
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp()


def write_stamp(path: Path, stamp: Stamp) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    os.replace(new, path)


def fingerprint(files: Sequence[Path], root: Path) -> str:
    """Changes with the pinned packages, and with the folder, since a `.venv` cannot be moved."""
    told = hashlib.sha256(str(root).encode())
    for file in files:
        told.update(file.read_bytes())
    return told.hexdigest()


def real_path(path: Path) -> str:
    return os.path.realpath(path)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Two scripts started at once must not fill `.venv` at once. SQLite's lock dies with its owner on every system."""
    with closing(sqlite3.connect(lock, timeout=1800, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield


# --- packages


def install_packages(*, keep: bool) -> None:
    began = time.monotonic()
    if not keep or not works(PYTHON):
        say(f"Making {VENV} with Python {sys.version.split()[0]} …")
        make_venv()
    say("Installing the packages (the first time takes a minute or two) …")
    pip("install", "-r", str(REQUIREMENTS))
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    say(f"The packages are installed, in {time.monotonic() - began:.0f} s.")


def works(python: Path) -> bool:
    asked = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and run([str(python), "-c", asked]).returncode == 0


def make_venv() -> None:
    done = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode == 0:
        return
    if "ensurepip" in done.stdout:  # Debian and Ubuntu cut it out of their Python
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise NotReady(f"Python's venv is not installed; type: sudo apt-get install -y python{version}-venv")
    tell_last_lines(done.stdout)
    raise NotReady(f'The folder {VENV} could not be made; type, to see why: "{sys.executable}" -m venv --clear "{VENV}"')


def pip(*arguments: str) -> None:
    """pip as the person has set it up (index, proxy, certificates), quiet unless it fails."""
    command = [str(PYTHON), "-m", "pip", *arguments]
    done = run([*command, "--quiet", "--disable-pip-version-check", "--no-input"], {"PIP_USER": "0"})
    if done.returncode == 0:
        return
    tell_last_lines(done.stdout)
    raise NotReady("The packages could not be installed; type, to see why: " + in_shell(command))


# --- browser and font


def get_browser() -> tuple[str, str]:
    """(browser for the stamp, ""), or ("", the sentence that says what to type). Gets a browser and a font on the way."""
    code, told = ask_for_browser()
    if code == NOT_FOUND:
        say("No browser is installed: trying Playwright's own download (160 MB) …")
        if download_with_playwright("--no-shell"):
            code, told = ask_for_browser()
    missing = missing_packages(code == 0)
    if missing and may_use_apt():
        install_with_apt(missing)
        code, told = ask_for_browser()
    if not has_chinese_font():
        say("No Chinese font is installed, so pictures will show boxes; type: sudo apt-get install -y fonts-noto-cjk")
    if code != 0:
        return "", told
    sentence, executable = (*told.splitlines(), "")[:2]
    say(sentence)
    return executable or OF_PLAYWRIGHT, ""


def ask_for_browser() -> tuple[int, str]:
    """Where a browser is sought is known in one place only, and that one starts it too."""
    done = run([str(PYTHON), "-m", "agent.browser.launch"])
    return done.returncode, done.stdout.strip()


def download_with_playwright(which: str) -> bool:
    seconds = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "5000"}  # in ms; Playwright itself tries five times
    done = run([str(PYTHON), "-m", "playwright", "install", which, "chromium"], seconds, timeout=900)
    if done.returncode != 0:
        say("Playwright's download cannot be reached from here.")
    return done.returncode == 0


def missing_packages(has_browser: bool) -> list[str]:
    return [*([] if has_browser else ["chromium"]), *([] if has_chinese_font() else ["fonts-noto-cjk"])]


def may_use_apt() -> bool:
    if sys.platform != "linux":
        return False
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and Path("/etc/debian_version").exists()


def install_with_apt(packages: Sequence[str]) -> None:
    say(f"Installing {' and '.join(packages)} with apt-get, as root …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], quiet, timeout=600)
    done = run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], quiet, timeout=1800)
    if done.returncode != 0:
        tell_last_lines(done.stdout)


def has_chinese_font() -> bool:
    """Windows and macOS bring one; Linux is asked, and looked through where it has no fontconfig."""
    if sys.platform != "linux":
        return True
    if shutil.which("fc-list"):
        return bool(run(["fc-list", ":lang=zh", "file"]).stdout.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(part in font.name.lower() for folder in folders for font in folder.rglob("*.?t?") for part in FONT_NAMES)


# --- small things


def run(
    command: Sequence[str], more: Mapping[str, str] | None = None, timeout: float = 3600
) -> subprocess.CompletedProcess[str]:
    """Run quietly from the checkout with `more` in the environment; what it printed is in `stdout`."""
    try:
        return subprocess.run(
            command,
            env={**os.environ, **(more or {})},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired) as e:
        return subprocess.CompletedProcess(command, 127, stdout=str(e))


def tell_last_lines(output: str) -> None:
    for line in output.strip().splitlines()[-LAST_LINES:]:
        say("    " + line)


def in_shell(command: Sequence[str]) -> str:
    return " ".join(f'"{part}"' if " " in part else part for part in command)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
