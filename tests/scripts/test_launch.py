"""Which browser is taken, and that only the named hosts resolve in it."""

from __future__ import annotations

import http.server
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from playwright.sync_api import Error

from agent.browser.launch import NO_SANDBOX, QUIET, Machine, find_browser, launch, only_hosts, own_downloads
from agent.errors import ConfigError

CHROME_FOR_ALL = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
CHROME_OF_ONE = r"C:\Users\林\AppData\Local\Google\Chrome\Application\chrome.exe"
EDGE = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MAC_EDGE = "/Users/lin/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"


def machine(system: str, *programs: str, root: bool = False, own: bool = False) -> Machine:
    environment = {
        "Linux": {"PATH": "/usr/local/bin:relative:/usr/bin"},
        "Darwin": {"PATH": "/usr/bin"},
        "Windows": {
            "PROGRAMFILES": r"C:\Program Files",
            "PROGRAMFILES(X86)": r"C:\Program Files (x86)",
            "LOCALAPPDATA": r"C:\Users\林\AppData\Local",
        },
    }[system]
    return Machine(system, environment, "/Users/lin", root, lambda path: path in programs, lambda: own)


@pytest.mark.parametrize(
    ("system", "programs", "taken"),
    [
        ("Linux", ["/usr/bin/chromium", "/usr/bin/microsoft-edge", "/usr/bin/google-chrome"], "/usr/bin/google-chrome"),
        ("Linux", ["/usr/bin/chromium", "/opt/microsoft/msedge/msedge"], "/opt/microsoft/msedge/msedge"),
        ("Linux", ["/usr/bin/chromium", "/usr/local/bin/chromium"], "/usr/local/bin/chromium"),
        ("Linux", ["/snap/bin/chromium"], "/snap/bin/chromium"),
        ("Darwin", [MAC_EDGE, MAC_CHROME], MAC_CHROME),
        ("Darwin", [MAC_EDGE], MAC_EDGE),
        ("Windows", [EDGE, CHROME_OF_ONE, CHROME_FOR_ALL], CHROME_FOR_ALL),
        ("Windows", [EDGE, CHROME_OF_ONE], CHROME_OF_ONE),
        ("Windows", [EDGE], EDGE),
    ],
)
def test_chrome_before_edge_before_chromium_wherever_they_stand(system: str, programs: list[str], taken: str) -> None:
    choice = find_browser(None, machine(system, *programs, own=True))
    assert (choice.executable, choice.channel) == (taken, None)
    assert taken in choice.told


def test_what_is_configured_comes_first() -> None:
    assert (
        find_browser("/home/lin/chrome", machine("Linux", "/usr/bin/chromium", "/home/lin/chrome")).executable
        == "/home/lin/chrome"
    )


def test_a_configured_browser_that_is_not_there_is_never_replaced_by_another() -> None:
    with pytest.raises(ConfigError, match="/home/lin/chrome"):
        find_browser("/home/lin/chrome", machine("Linux", "/usr/bin/chromium"))


def test_playwrights_own_download_is_taken_when_nothing_is_installed() -> None:
    choice = find_browser(None, machine("Linux", own=True))
    assert (choice.executable, choice.channel) == (None, "chromium")


@pytest.mark.parametrize(
    ("system", "programs", "root", "command"),
    [
        ("Windows", [], False, "winget install Google.Chrome"),
        ("Linux", ["/usr/bin/apt-get"], False, "sudo apt-get install -y --no-install-recommends chromium fonts-noto-cjk"),
        ("Linux", ["/usr/bin/apt-get"], True, ": apt-get install"),
        ("Linux", [], False, "-m playwright install chromium"),
        ("Darwin", [], False, "-m playwright install chromium"),
    ],
)
def test_no_browser_is_told_with_the_one_command(system: str, programs: list[str], root: bool, command: str) -> None:
    with pytest.raises(ConfigError) as refused:
        find_browser(None, machine(system, *programs, root=root))
    assert command in refused.value.todo


def test_only_root_on_linux_goes_without_the_sandbox() -> None:
    for system, root in (("Linux", True), ("Linux", False), ("Windows", False)):
        programs = ("/usr/bin/chromium", EDGE)
        args = find_browser(None, machine(system, *programs, root=root)).args
        assert set(QUIET) <= set(args)
        assert (NO_SANDBOX in args) == root


def test_the_download_is_looked_for_where_playwright_puts_it(tmp_path: Path) -> None:
    def folder(system: str, **environment: str) -> Path:
        (only,) = {found.parent for found in own_downloads(system, environment, tmp_path)}
        return only

    assert folder("Linux") == tmp_path / ".cache" / "ms-playwright"
    assert folder("Linux", XDG_CACHE_HOME="/c") == Path("/c/ms-playwright")
    assert folder("Darwin") == tmp_path / "Library" / "Caches" / "ms-playwright"
    assert folder("Windows", LOCALAPPDATA="/local") == Path("/local/ms-playwright")
    assert folder("Linux", PLAYWRIGHT_BROWSERS_PATH="/b") == Path("/b")
    assert folder("Linux", PLAYWRIGHT_BROWSERS_PATH="0").name == ".local-browsers"


def test_hosts_are_written_as_chromium_wants_them() -> None:
    assert only_hosts([]) == "--host-resolver-rules=MAP * ~NOTFOUND"
    assert only_hosts(["https://mall.example/a", "127.0.0.1:8080", "mall.example"]) == (
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE mall.example, EXCLUDE 127.0.0.1"
    )


class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


# In a process of its own: a second Playwright cannot be started in a thread that already has one.
OPEN_BOTH = """
import sys
from playwright.sync_api import Error, sync_playwright
from agent.browser.launch import find_browser, launch, only_hosts
with sync_playwright() as driver:
    browser = launch(driver, find_browser(None), args=(only_hosts(["127.0.0.1"]),))
    page = browser.new_page()
    for host in ("127.0.0.1", "localhost"):
        try:
            print(host, page.goto(f"http://{host}:{sys.argv[1]}/").text())
        except Error as e:
            print(host, "ERR_NAME_NOT_RESOLVED" in e.message)
    browser.close()
"""


def test_no_other_host_resolves(port: int) -> None:
    done = subprocess.run([sys.executable, "-c", OPEN_BOTH, str(port)], capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines() == ["127.0.0.1 hello", "localhost True"], done.stderr


def test_a_browser_that_does_not_start_is_a_refusal_with_its_reason(tmp_path: Path) -> None:
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\necho libnss3.so is missing >&2\nexit 127\n")
    broken.chmod(0o755)
    program = (
        "import sys; from playwright.sync_api import sync_playwright; from agent.browser.launch import *\n"
        "with sync_playwright() as driver:\n"
        "    try: launch(driver, find_browser(sys.argv[1]))\n"
        "    except ConfigError as e: print(e.what); print(e.todo)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(broken)], capture_output=True, text=True, timeout=300)
    assert "does not start: libnss3.so is missing." in done.stdout, done.stderr


# ---- temporary profiles


def not_started(folder: Path, monkeypatch: pytest.MonkeyPatch, outcome: object) -> None:
    """Launch, in this temporary folder, a browser that does not start."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    driver = Mock()
    driver.chromium.launch_persistent_context.side_effect = [outcome]
    with pytest.raises(ConfigError):
        launch(driver, find_browser(None, machine("Linux", "/usr/bin/chromium")))


@pytest.mark.parametrize("outcome", [Error("cannot start"), SimpleNamespace(browser=None)], ids=["fails", "gives none"])
def test_a_browser_that_does_not_start_leaves_no_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: object
) -> None:
    not_started(tmp_path, monkeypatch, outcome)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="a lock that names its process is a link")
def test_old_profiles_of_no_browser_that_may_run_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = {"free": "", "dead": f"{socket.gethostname()}-4194305", "elsewhere": "other-4194305", "new": "", "other": ""}
    for name, lock in locks.items():
        folder = tmp_path / (name if name == "other" else f"agent-browser-{name}")
        (folder / "Default").mkdir(parents=True)
        if lock:
            (folder / "SingletonLock").symlink_to(lock)
        if name != "new":
            os.utime(folder, (0, 0))
    not_started(tmp_path, monkeypatch, Error("cannot start"))
    assert {path.name for path in tmp_path.iterdir()} == {"agent-browser-elsewhere", "agent-browser-new", "other"}
