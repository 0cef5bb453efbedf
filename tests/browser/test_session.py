"""A session: signing in, keeping and renewing the sign-in, whose page it is, and the thread of its own (desk.py)."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.browser.account import Folders
from agent.browser.desk import Desk
from agent.browser.launch import BrowserChoice
from agent.browser.session import Session
from agent.browser.watching import NullWatcher, StepInfo, Watcher
from agent.errors import ConfigError, Mismatch, PageChanged, PageLost, PersonNeeded
from agent.models import CommitFacts
from tests.browser.conftest import Agent, account, site_of
from tests.browser.little import Answer, Asked, Little, Page, goto

Make = Callable[..., Agent]
TEXT = """\
signed_in_as: css=#who
messages:
  密码错误: PersonNeeded
pages:
  login:
    open_at: /login
    before_sign_in: yes
    here_if: button=登录
    user_name: label=账号
    password: label=密码
    log_in: button=登录
  home:
    open_at: /home
    here_if: heading=首页
    total: beside=应付总额
    next: link=下一步
  confirm:
    open_at: /confirm
    here_if: heading=确认
    total: beside=应付总额
    place_order: button=提交订单
  thank_you:
    here_if: heading=下单成功
flows:
  log_in:
    - open: login
    - done_if: home
    - fill: {user_name: <secret.user_name>, password: <secret.password>}
    - click: log_in
    - expect: home
  read_order:
    - open: home
    - read: [total]
  two_pages:
    - open: home
    - click: next
    - expect: confirm
    - read: [total]
  ship_order:
    - open: confirm
    - read: [total]
    - commit: place_order
    - expect: thank_you
"""


class Door:
    """The site behind a sign-in: it forgets everybody when told."""

    def __init__(self, little: Little, *, password: str = "the-password", name: str = "小林家居馆") -> None:
        self.signed_in, self.password, self.name = 0, password, name
        self.lets_in: set[str] = set()
        self.forget_at = ""
        self.lasts = ""  # what makes the cookie of a sign-in outlive the browser
        little.pages |= {
            "/login": self.login,
            "/home": self.behind("<h1>首页</h1><dl><dt>应付总额<dd>¥1.00</dl><a href=/confirm>下一步</a>"),
            "/confirm": self.behind(
                "<h1>确认</h1><dl><dt>应付总额<dd>¥2.00</dl><form method=post action=/order><button>提交订单</button></form>"
            ),
            "/order": self.behind("<h1>下单成功</h1>"),
        }

    def login(self, asked: Asked) -> Answer | str:
        if asked.cookie in self.lets_in:
            return goto("/home")
        form = "<form method=post><label>账号<input name=u></label><label>密码<input type=password name=p></label><button>登录</button></form>"
        if asked.method == "GET":
            return form
        if (asked.fields["u"], asked.fields["p"]) != ("the-user_name", self.password):
            return form + "<p>密码错误，请重新输入</p>"
        self.signed_in += 1
        self.lets_in.add(f"sid={self.signed_in}")
        return Answer(
            status=303, headers=(("Location", "/home"), ("Set-Cookie", f"sid={self.signed_in}; Path=/; HttpOnly{self.lasts}"))
        )

    def behind(self, body: str) -> Page:
        def answer(asked: Asked) -> Answer | str:
            if asked.path == self.forget_at:
                self.lets_in.clear()
                self.forget_at = ""
            return f"<b id=who>{self.name}</b>{body}" if asked.cookie in self.lets_in else goto("/login")

        return answer


def test_signing_in_keeps_the_sign_in_for_its_owner_only(agent_for: Make, little: Little, tmp_path: Path) -> None:
    door = Door(little)
    agent_for(TEXT, shows="小林家居馆").session.sign_in()
    kept = tmp_path / "sign-ins" / "little-1.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["cookies"][0]["name"] == "sid"
    again = agent_for(TEXT, shows="小林家居馆")
    again.session.sign_in()
    assert door.signed_in == 1
    assert again.play("read_order").values == {"total": 100}


def test_a_damaged_sign_in_is_made_anew(agent_for: Make, little: Little, tmp_path: Path) -> None:
    door = Door(little)
    (tmp_path / "sign-ins").mkdir()
    (tmp_path / "sign-ins" / "little-1.json").write_text("{")
    agent_for(TEXT).session.sign_in()
    assert door.signed_in == 1


def test_a_wrong_password_calls_the_person_and_is_not_tried_twice(agent_for: Make, little: Little) -> None:
    Door(little, password="other")
    with pytest.raises(PersonNeeded, match="密码错误") as failed:
        agent_for(TEXT).session.sign_in()
    assert len(little.posts) == 1
    assert "agent login little-1" in failed.value.advice
    assert "the-password" not in " ".join(failed.value.lines())


def test_another_shops_page_is_never_worked_on(agent_for: Make, little: Little) -> None:
    Door(little, name="别家店")
    with pytest.raises(Mismatch, match="别家店"):
        agent_for(TEXT, shows="小林家居馆").session.sign_in()
    Door(little, name="")
    with pytest.raises((PageChanged, Mismatch)):
        agent_for(TEXT, shows="小林家居馆", wait_for_page=1.5).session.sign_in()


@pytest.mark.parametrize("lost_at", ["/home", "/confirm"])
def test_a_sign_in_lost_on_the_way_is_renewed_and_the_flow_played_again(agent_for: Make, little: Little, lost_at: str) -> None:
    door = Door(little)
    agent = agent_for(TEXT)
    agent.session.sign_in()
    door.forget_at = lost_at
    assert agent.play("two_pages").values == {"total": 200}
    assert door.signed_in == 2


GOODS = """\
    goods:
      rows: css=.item
      nothing_found: heading=首页
      title: css=.title
      remove: link=删除
"""
CLEARS = """\
    - clear: goods
      where: {title: <line.title>}
      do:
        - click: next
"""


def test_a_sign_in_lost_after_a_cart_was_cleared_is_renewed_and_the_next_attempt_begins(
    agent_for: Make, little: Little
) -> None:
    """What this one has put in is not among what it was told to take out."""
    door = Door(little)
    cart = TEXT.replace("    next: link=下一步\n", f"    next: link=下一步\n{GOODS}").replace(
        "    - click: next\n", f"{CLEARS}    - click: next\n"
    )
    agent = agent_for(cart)
    agent.session.sign_in()
    door.forget_at = "/confirm"
    with pytest.raises(PageLost, match="renewed"):
        agent.play("two_pages")
    assert (agent.play("two_pages").values, door.signed_in) == ({"total": 200}, 2)


def test_a_sign_in_lost_again_at_once_calls_the_person(agent_for: Make, little: Little) -> None:
    door = Door(little)
    agent = agent_for(TEXT)
    agent.session.sign_in()
    little.pages["/confirm"] = goto("/login")
    door.lets_in = Nobody()
    with pytest.raises(PersonNeeded):
        agent.play("two_pages")


class Nobody(set[str]):
    def __contains__(self, _one: object) -> bool:
        return False


def test_a_sign_in_lost_before_a_commit_is_renewed_and_one_click_made(agent_for: Make, little: Little) -> None:
    door = Door(little)
    agent = agent_for(TEXT)
    agent.session.sign_in()
    door.lets_in.clear()
    assert agent.commit("ship_order").end == "expected"
    assert [one.path for one in little.posts].count("/order") == 1


def test_a_sign_in_lost_at_the_click_is_unclear_and_not_clicked_again(agent_for: Make, little: Little) -> None:
    door = Door(little)
    agent = agent_for(TEXT)
    agent.session.sign_in()
    door.forget_at = "/order"
    agent.hurry(settle=3)
    assert agent.commit("ship_order").end == "unclear"
    assert [one.path for one in little.posts].count("/order") == 1


def test_a_flow_the_site_does_not_have(agent_for: Make, little: Little) -> None:
    with pytest.raises(ConfigError, match="pay_order"):
        agent_for(TEXT).play("pay_order")
    with pytest.raises(ValueError, match="commit"):
        agent_for(TEXT).play("ship_order")


def test_a_picture_that_does_not_come_is_told_as_one_that_cannot_be_kept(agent_for: Make, little: Little) -> None:
    """A picture waits for the fonts of the page."""
    hold = threading.Event()
    font = "<style>@font-face { font-family: f; src: url(/font) } h1 { font-family: f }</style>"
    little.pages |= {
        "/": font + "<h1>单</h1>",
        "/font": lambda _asked: (hold.wait(20) and "") or "",
    }
    agent = agent_for("pages:\n  form:\n    open_at: /\n    here_if: heading=单\nflows:\n  f:\n    - open: form\n")
    agent.play("f")
    with pytest.raises(OSError, match="Timeout") as failed:
        agent.session.picture("now")
    hold.set()
    assert failed.value.errno == errno.EIO
    assert len(failed.value.strerror.splitlines()) == 1


def test_in_a_hurry_the_pauses_before_pages_and_clicks_are_the_shortest_of_the_site_s_manners(
    agent_for: Make, little: Little
) -> None:
    little.pages["/"] = "<h1>单</h1><button>去</button>"
    page = "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n    go: button=去\n"
    agent = agent_for(page + "manners: {pause: 3-10 s}\nflows:\n  f:\n    - open: form\n    - click: go\n")
    agent.session.hurry(True)  # before its browser has started, too
    waited: list[float] = []
    agent.stage.wait = waited.append
    agent.play("f")
    assert waited == [3, 3]
    agent.session.hurry(False)
    for _time in range(5):
        agent.play("f")
    assert len(waited) == 12 and all(3 <= pause <= 10 for pause in waited) and max(waited) > 3
    agent.session.hurry(True)
    agent.play("f")
    assert waited[-2:] == [3, 3]


def desk_of(little: Little, choice: BrowserChoice, folder: Path, watch: Watcher | None = None) -> Desk:
    site = site_of(folder, TEXT)
    folders = Folders(folder / "sign-ins", folder / "evidence", folder / "profiles", folder / "files", folder / "steps")
    return Desk(
        lambda watcher: Session(
            account(little, wait_for_page=120),
            site,
            browser=choice,
            folder=folders,
            secret=lambda name: f"the-{name}",
            watch=watcher,
        ),
        watch or NullWatcher(),
    )


def test_a_desk_works_in_its_own_thread_and_calls_back_in_ours(little: Little, choice: BrowserChoice, tmp_path: Path) -> None:
    Door(little)
    threads: set[int] = set()

    class Watch(NullWatcher):
        def step(self, info: StepInfo) -> bool:
            threads.add(threading.get_ident())
            return False

    recorded: list[CommitFacts] = []

    def record(facts: CommitFacts) -> None:
        threads.add(threading.get_ident())
        recorded.append(facts)

    desk = desk_of(little, choice, tmp_path, Watch(outlines=True))
    desk.start()
    desk.finish()
    try:
        assert desk.play("read_order", {}).values == {"total": 100}
        assert desk.picture("now").exists()
        assert desk.commit("ship_order", {}, record).end == "expected"
        assert recorded[0].shown == {"total": "¥2.00"}
        assert desk.counters()["sign_ins"] == 1
        assert threads == {threading.get_ident()}
        with pytest.raises(ConfigError, match="no_such"):
            desk.play("no_such", {})
        with pytest.raises(OSError, match="full"):
            desk.commit("ship_order", {}, _full)
        desk.close_pages()
    finally:
        desk.close()
    assert [one.path for one in little.posts].count("/order") == 1


def _full(_facts: CommitFacts) -> None:
    raise OSError("full")


def test_two_desks_sign_in_side_by_side(little: Little, choice: BrowserChoice, tmp_path: Path) -> None:
    Door(little)
    meet = threading.Barrier(2)
    login = little.pages["/login"]

    def together(asked: Asked) -> Answer | str:
        if asked.method == "GET":
            meet.wait(60)  # neither page comes before both are asked for
        return login(asked)  # type: ignore[operator,return-value]

    little.pages["/login"] = together
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    desks = [desk_of(little, choice, tmp_path / "a"), desk_of(little, choice, tmp_path / "b")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.finish()
        desk.close()
    assert not meet.broken


def test_a_desk_that_never_started_closes(little: Little, choice: BrowserChoice, tmp_path: Path) -> None:
    desk_of(little, choice, tmp_path).close()


def test_a_sign_in_and_pictures_that_cannot_be_kept_stop_nothing(little: Little, choice: BrowserChoice, tmp_path: Path) -> None:
    Door(little)
    for name in ("sign-ins", "evidence"):
        (tmp_path / name).write_text("in the way", encoding="utf-8")
    desk = desk_of(little, choice, tmp_path)
    recorded: list[CommitFacts] = []
    desk.start()
    desk.finish()
    try:
        assert desk.play("read_order", {}).values == {"total": 100}
        with pytest.raises(OSError, match="evidence"):
            desk.picture("now")
        outcome = desk.commit("ship_order", {}, recorded.append)
    finally:
        desk.close()
    assert (outcome.end, outcome.pictures, len(recorded)) == ("expected", (), 1)
    assert [one.path for one in little.posts].count("/order") == 1
