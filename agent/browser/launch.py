"""Which browser is driven, and how it is started. Knows paths of browsers; knows nothing of sites and pages.

Looked for in this order: the path of config.yaml; an installed Chrome, Edge, Chromium; Playwright's own download.
`python -m agent.browser.launch` tells which one it is and starts it once: set-up asks that way.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

import playwright
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

from agent.browser.profile import clear_stale_lock, set_preferences, take_profile
from agent.errors import ConfigError, PersonNeeded
from agent.words import _

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
TEMPORARY = "agent-browser-"  # what the name of a profile begins with that lasts as long as its browser
LEFT_OVER = 2 * 24 * 3600  # seconds
NOT_FOUND = 3  # set-up then tries to get one
NEVER_AHEAD = 2  # Chromium's own number for "predict no network actions"
NO_SANDBOX = "--no-sandbox"  # Chromium refuses to start its sandbox as root

# Letters that look nothing alike: without a Chinese font all are drawn as the same empty box.
DRAWS_CHINESE = """() => {
  const paper = document.createElement("canvas").getContext("2d");
  const drawn = (letter) => {
    paper.clearRect(0, 0, 64, 64);
    paper.font = "32px sans-serif";
    paper.fillText(letter, 4, 40);
    return paper.canvas.toDataURL();
  };
  return new Set(["一", "龍", "\\u{10FFFF}"].map(drawn)).size === 3;
}"""

CHROME = "Google Chrome"
LINUX = {
    CHROME: ("google-chrome-stable", "google-chrome", "/opt/google/chrome/chrome"),
    "Microsoft Edge": ("microsoft-edge-stable", "microsoft-edge", "/opt/microsoft/msedge/msedge"),
    # cron's PATH is /usr/bin:/bin, so what a snap installs is named in full
    "Chromium": ("chromium", "chromium-browser", "/snap/bin/chromium"),
}
MACOS = {
    CHROME: "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge": "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium": "Chromium.app/Contents/MacOS/Chromium",
}
WINDOWS = {
    CHROME: "Google/Chrome/Application/chrome.exe",
    "Microsoft Edge": "Microsoft/Edge/Application/msedge.exe",
    "Chromium": "Chromium/Application/chrome.exe",
}


@dataclass(frozen=True, slots=True)
class BrowserChoice:
    """The browser taken: an executable, or Playwright's own (no executable, its channel). `told` is one sentence."""

    executable: str | None
    channel: str | None
    args: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What a browser said of itself when it was started."""

    version: str
    draws_chinese: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """What the search looks at. `system` is `platform.system()`'s word; `is_program` says whether a path can be started."""

    system: str
    environment: Mapping[str, str]
    home: str
    root: bool
    is_program: Callable[[str], bool]
    own_download: Callable[[], bool]

    def path(self, first: str, *rest: str) -> PurePath:
        kind = PureWindowsPath if self.system == "Windows" else PurePosixPath
        return kind(first, *rest)


def find_browser(configured: str | None, machine: Machine | None = None) -> BrowserChoice:
    """The browser to drive; `configured` is config.yaml's path or None. Raises ConfigError with the one command to type."""
    machine = machine or this_machine()
    args = (*QUIET, NO_SANDBOX) if machine.system == "Linux" and machine.root else QUIET
    if configured:
        return BrowserChoice(_configured(configured, machine), None, args, _("Browser: {}, as configured").format(configured))
    for brand, path in installed(machine):
        if machine.is_program(path):
            told = _("Browser: {brand}, installed at {path}").format(brand=brand, path=path)
            return BrowserChoice(path, None, args, told)
    if machine.own_download():
        return BrowserChoice(None, "chromium", args, _("Browser: Chromium, downloaded by Playwright"))
    raise ConfigError(
        _("No browser was found: neither Chrome, Edge nor Chromium is installed."),
        todo=_("Type: {}").format(command_to_install(machine)),
    )


def _configured(path: str, machine: Machine) -> str:
    if machine.is_program(path):
        return path
    raise ConfigError(
        _("The browser of config.yaml cannot be started: {}").format(path),
        todo=_("Mend `browser:` in config.yaml, or delete that line: an installed Chrome or Edge is found by itself."),
    )


def installed(machine: Machine) -> Iterator[tuple[str, str]]:
    """Every (brand, path) where a browser may be installed, best first."""
    if machine.system == "Windows":
        return _installed_on_windows(machine)
    if machine.system == "Darwin":
        return _installed_on_macos(machine)
    return _installed_on_linux(machine)


def _installed_on_linux(machine: Machine) -> Iterator[tuple[str, str]]:
    folders = [folder for folder in machine.environment.get("PATH", "/usr/bin:/bin").split(":") if folder.startswith("/")]
    for brand, names in LINUX.items():
        for name in names:
            for folder in ["/"] if name.startswith("/") else folders:
                yield brand, str(machine.path(folder, name))


def _installed_on_macos(machine: Machine) -> Iterator[tuple[str, str]]:
    for brand, inside in MACOS.items():
        for folder in ("/Applications", str(machine.path(machine.home, "Applications"))):
            yield brand, str(machine.path(folder, inside))


def _installed_on_windows(machine: Machine) -> Iterator[tuple[str, str]]:
    places = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    folders = [machine.environment[place] for place in places if machine.environment.get(place)]
    for brand, inside in WINDOWS.items():
        for folder in folders:
            yield brand, str(machine.path(folder, inside))


def command_to_install(machine: Machine) -> str:
    """The one command that brings a browser to this system."""
    if machine.system == "Windows":
        return "winget install Google.Chrome"
    if machine.system == "Linux" and machine.is_program("/usr/bin/apt-get"):
        sudo = "" if machine.root else "sudo "
        return f"{sudo}apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
    return f'"{sys.executable}" -m playwright install chromium'


def command_to_install_chrome(machine: Machine) -> str:
    """The one command that brings Google Chrome to this system."""
    if machine.system == "Windows":
        return "winget install Google.Chrome"
    return f'"{sys.executable}" -m playwright install chrome'


def chrome_of(machine: Machine) -> str | None:
    """Where Google Chrome is installed."""
    return next((path for brand, path in installed(machine) if brand == CHROME and machine.is_program(path)), None)


def has_screen(machine: Machine) -> bool:
    """Whether a window could be seen: on Linux where a display is told, elsewhere always."""
    told = machine.environment.get("DISPLAY") or machine.environment.get("WAYLAND_DISPLAY")
    return machine.system != "Linux" or bool(told)


def this_machine() -> Machine:
    """The machine this runs on, as it is now."""
    system, environment, home = platform.system(), dict(os.environ), str(Path.home())
    return Machine(
        system=system,
        environment=environment,
        home=home,
        root=sys.platform == "linux" and os.geteuid() == 0,
        is_program=lambda path: os.path.isfile(path) and os.access(path, os.X_OK),
        own_download=lambda: any(_complete(folder) for folder in own_downloads(system, environment, Path(home))),
    )


def _complete(folder: Path) -> bool:
    # Playwright writes this file when the download is unpacked; a folder without it was broken off.
    return (folder / "INSTALLATION_COMPLETE").is_file()


def own_downloads(system: str, environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """The folders in which this version of Playwright would look for a Chromium of its own."""
    package = Path(playwright.__file__).parent / "driver" / "package"
    known = json.loads((package / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    chromium = next(browser for browser in known if browser["name"] == "chromium")
    folder = _downloads_folder(system, environment, home, package)
    for revision in {chromium["revision"], *chromium.get("revisionOverrides", {}).values()}:
        yield folder / f"chromium-{revision}"


def _downloads_folder(system: str, environment: Mapping[str, str], home: Path, package: Path) -> Path:
    told = environment.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if told == "0":
        return package / ".local-browsers"
    if told:
        return Path(told)
    if system == "Windows":
        cache = environment.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif system == "Darwin":
        cache = home / "Library" / "Caches"
    else:
        cache = environment.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(cache) / "ms-playwright"


def only_hosts(hosts: Iterable[str]) -> str:
    """Chromium's argument that lets no other host resolve. A host may be written as an address with scheme and port."""
    names = [urlsplit(host if "://" in host else f"//{host}").hostname for host in hosts]
    allowed = "".join(f", EXCLUDE {name}" for name in dict.fromkeys(names) if name)
    return f"--host-resolver-rules=MAP * ~NOTFOUND{allowed}"


def launch(driver: Playwright, choice: BrowserChoice, *, headed: bool = False, args: tuple[str, ...] = ()) -> Browser:
    """Start the browser. Raises ConfigError if it does not come up."""
    _drop_left_profiles()
    profile = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    try:
        own = _started(driver, choice, profile, headed=headed, args=args)
        browser = own.browser
        if browser is None:
            raise _does_not_start(choice, _("Playwright gives no browser for a profile"))
    except BaseException:
        shutil.rmtree(profile, ignore_errors=True)
        raise
    browser.on("disconnected", lambda _browser: shutil.rmtree(profile, ignore_errors=True))
    for page in own.pages[headed:]:  # a visible Chromium ends with its last window (seen on 156)
        page.close()
    return browser


def _drop_left_profiles() -> None:
    """Remove the temporary profiles that a program which was killed left: old ones, and of no browser that may still run."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        with suppress(OSError, PersonNeeded):  # somebody else's, or of a browser that runs
            if folder.is_symlink() or time.time() - folder.stat().st_mtime < LEFT_OVER:
                continue
            clear_stale_lock(folder)
            shutil.rmtree(folder, ignore_errors=True)


def launch_own(
    driver: Playwright, choice: BrowserChoice, profile: Path, *, headed: bool, args: tuple[str, ...], **settings: Any
) -> BrowserContext:
    """Start the browser with a kept profile; `settings` are Playwright's of a context.

    Raises PersonNeeded while the profile is open elsewhere, ConfigError if the browser does not come up.
    """
    take_profile(profile)
    context = _started(driver, choice, profile, headed=headed, args=args, **settings)
    blank = context.new_page()
    context.new_cdp_session(blank).send("Network.clearBrowserCache")  # what an earlier run saw is no news
    for page in context.pages:
        if page is not blank:
            page.close()
    return context


def _started(
    driver: Playwright, choice: BrowserChoice, profile: Path, *, headed: bool, args: tuple[str, ...], **settings: Any
) -> BrowserContext:
    """A browser that opens no connection before it needs one.

    Chromium sends a POST a second time by itself when its connection was open before and is cut without an answer: one
    click, two orders (seen on Chromium 156). A connection opened ahead of need counts as open before, so none is.
    connections.py closes the others before a commit.
    """
    set_preferences(profile, {"net": {"network_prediction_options": NEVER_AHEAD}})
    try:
        return driver.chromium.launch_persistent_context(
            profile,
            executable_path=choice.executable,
            channel=choice.channel,
            headless=not headed,
            args=[*choice.args, *args],
            # Playwright leaves the sandbox off unless asked, and these pages are strangers'.
            chromium_sandbox=NO_SANDBOX not in choice.args,
            **settings,
        )
    except Error as e:
        raise _does_not_start(choice, _reason(e)) from e


def _does_not_start(choice: BrowserChoice, reason: str) -> ConfigError:
    return ConfigError(
        _("{told}, but it does not start: {reason}.").format(told=choice.told, reason=reason),
        todo=_("Name another one with `browser:` in config.yaml, or type: {}").format(command_to_install(this_machine())),
    )


def examine(choice: BrowserChoice) -> Examined:
    """Start the browser once, and ask for its version and whether it draws Chinese letters. Raises ConfigError if it does not come up."""
    with sync_playwright() as driver:
        browser = launch(driver, choice)
        try:
            return Examined(browser.version, bool(browser.new_page().evaluate(DRAWS_CHINESE)))
        finally:
            browser.close()


def _reason(error: Error) -> str:
    """The line of Chromium's own output that says why, else Playwright's first line."""
    lines = error.message.splitlines()
    told = next((line.split("[err]", 1)[1] for line in lines if "[err]" in line), lines[0] if lines else str(error))
    return told.strip(" .")


def main() -> int:
    """Start the browser once; print which it is and, on a second line, its executable (empty: Playwright's own).

    Ends with 0; with NOT_FOUND if there is none; with 2 if the one that is there does not start.
    """
    try:
        choice = find_browser(None)
    except ConfigError as e:
        print(f"{e.what} {e.todo}")
        return NOT_FOUND
    try:
        with sync_playwright() as driver:
            launch(driver, choice).close()
    except ConfigError as e:
        print(f"{e.what} {e.todo}")
        return e.exit_code
    print(choice.told)
    print(choice.executable or "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
