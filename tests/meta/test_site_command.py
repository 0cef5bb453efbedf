"""`agent site`: the contract it prints is the one that is checked, a copy passes the check with nothing counted as seen, and one
value is shown and changed where it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from agent import home
from agent.cli import tell
from agent.cli.flow_told import said, told
from agent.cli.site import TYPES
from agent.home import EXAMPLES, SHIPPED_SITES
from agent.sites import saving
from agent.sites.contract import CONTRACTS, STATE_TABLES, VALUES, WORDS
from agent.sites.copies import copied
from agent.sites.definition import Site, Step
from agent.sites.document import Document, Problems
from agent.sites.reader import read_site, site_of
from agent.sites.steps import VERBS
from agent.work import site_files
from tests.meta.source import texts
from tests.meta.test_cli import Terminal, agent_, three_lines

__all__ = ["agent_"]
KINDS = pytest.mark.parametrize("kind", CONTRACTS)


@KINDS
def test_the_contract_names_every_flow_word_value_and_table(agent_: Terminal, kind: str) -> None:
    told = agent_("site", "contract", kind, "--json").data("contract")
    assert list(told) == list(CONTRACTS[kind])
    for name, flow in CONTRACTS[kind].items():
        assert told[name]["reads"] == {word: WORDS[word] for word in flow.words}
        assert {name: list(row) for name, row in told[name]["lists"].items()} == {n: list(r) for n, r in flow.lists.items()}
        assert set(told[name]["values"]) <= VALUES and "account.shows" in told[name]["values"]
    out = agent_("site", "contract", kind).out
    assert not [word for word in (*CONTRACTS[kind], *STATE_TABLES[kind]) if word not in out]
    assert set(TYPES) == set(WORDS.values()) | {"count"}


def test_what_the_contract_gives_is_what_the_check_lets_through(tmp_path: Path) -> None:
    """A value of another flow is refused with the very names that the contract prints."""
    text = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8").replace("<purchase_order.note>", "<order.remark>")
    path = tmp_path / "mall.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as found:
        read_site(path)
    (problem,) = [each for each in found.value.problems if "order.remark" in each.what]
    assert set(re.findall(r"[a-z_]+\.[a-z_.0-9]+", problem.suggestion)) >= {"purchase_order.note", "receiver.name"}


@pytest.mark.parametrize("source", [path.stem for path in sorted(SHIPPED_SITES.rglob("*.yaml"))])
def test_a_copy_is_right_and_nothing_in_it_is_seen(agent_: Terminal, source: str) -> None:
    assert agent_("site", "copy", source, "neu-1").code == 0
    assert agent_("check", "neu-1").code == 0
    site = read_site(agent_.home / "selectors" / "neu-1.yaml")
    assert site.site == "neu-1"
    locators = {locator for page in site.pages.values() for place in page.places.values() for locator in place.locators}
    assert locators and not [locator for locator in locators if not locator.guess and locator.words]
    assert all(page.guessed_address for page in site.pages.values() if page.open_at)


def test_a_comment_stays_and_what_is_a_guess_is_not_marked_twice() -> None:
    lines = "site: a\npages:\n  p:\n    here_if: heading=单  # where\n    x: css=#a  # guess\n    y:\n      - text=甲\n"
    assert copied(lines, "b").splitlines() == [
        *("site: b", "pages:", "  p:", "    here_if: heading=单  # guess: where", "    x: css=#a  # guess", "    y:"),
        f"{'      - text=甲':<42}  # guess",
    ]


def test_the_template_can_be_checked_and_is_no_site(agent_: Terminal) -> None:
    assert agent_("check", "_template").code == 0
    assert "_template" not in agent_("check").out


@pytest.mark.parametrize(
    ("words", "told"),
    [(("nix", "neu"), "nix"), (("mall", "抖"), "抖"), (("mall", "../neu"), "../neu"), (("mall", "_neu"), "_neu")],
)
def test_what_cannot_be_copied_is_told_and_writes_nothing(agent_: Terminal, words: tuple[str, str], told: str) -> None:
    ended = agent_("site", "copy", *words)
    assert ended.code == 2 and told in three_lines(ended)[0]
    assert not list(agent_.home.rglob("*.yaml"))


def test_a_file_that_is_there_is_never_written_over(agent_: Terminal) -> None:
    assert agent_("site", "copy", "mall", "neu").code == 0
    path = agent_.home / "selectors" / "neu.yaml"
    path.write_text("mine", encoding="utf-8")
    ended = agent_("site", "copy", "mall", "neu")
    assert ended.code == 2 and str(path) in ended.err and path.read_text(encoding="utf-8") == "mine"


def test_a_site_of_its_own_name_is_copied_as_it_is(agent_: Terminal) -> None:
    assert agent_("site", "copy", "mall", "mall").code == 0
    assert (agent_.home / "selectors" / "mall.yaml").read_bytes() == (SHIPPED_SITES / "mall.yaml").read_bytes()


def test_the_types_are_words_of_the_catalogue() -> None:
    assert set(TYPES.values()) <= set(texts())


# One value shown, and changed

PHONE = "pages.order_form.phone"
OLD, NEW = "    phone: css=input[name=mobile]", "    phone: label=手机"
MALL = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8")


def own(agent_: Terminal, text: str | bytes = MALL) -> Path:
    """A site file of the seller's own."""
    path = agent_.home / "selectors" / "mall.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def everything(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_the_programs_own_file_is_never_changed_but_copied_first(agent_: Terminal) -> None:
    before = everything(SHIPPED_SITES)
    ended = agent_("site", "set", "mall", PHONE, "label=手机")
    copy = agent_.home / "selectors" / "mall.yaml"
    assert ended.code == 0 and copy.read_text(encoding="utf-8") == MALL.replace(OLD, NEW)
    assert everything(SHIPPED_SITES) == before
    (kept,) = (agent_.home / "site-versions").iterdir()
    assert kept.read_text(encoding="utf-8") == MALL
    for words in (str(SHIPPED_SITES / "mall.yaml"), str(copy), str(kept), f"before, line 77: {OLD}", f"now, line 77: {NEW}"):
        assert words in ended.out
    assert "proven again before it runs unattended: submit_order\n" in ended.out
    again = agent_("site", "set", "mall", PHONE, "label=手机 ")
    assert again.code == 2, "a blank at the end"
    assert str(SHIPPED_SITES) not in agent_("site", "set", "mall", PHONE, "label=号码").out


def test_an_example_is_copied_too_and_the_template_is_no_site(agent_: Terminal) -> None:
    assert agent_("site", "set", "cartridge", "limits.settle", "25 s").code == 0
    text = (EXAMPLES / "cartridge.yaml").read_text(encoding="utf-8")
    assert (agent_.home / "selectors" / "cartridge.yaml").read_text(encoding="utf-8") != text
    ended = agent_("site", "set", "_template", "limits.settle", "25 s")
    assert ended.code == 2 and "agent site copy _template NEW" in three_lines(ended)[2]
    assert not (agent_.home / "selectors" / "_template.yaml").exists()


def test_several_values_make_a_list_and_seen_takes_the_mark_off(agent_: Terminal) -> None:
    path = own(agent_)
    assert agent_("site", "set", "mall", "pages.order_form.add_line", "button=添加", "button=加一行", "--seen").code == 0
    assert "    add_line:\n      - button=添加\n      - button=加一行\n" in path.read_text(encoding="utf-8")
    assert agent_("site", "set", "mall", "words.order_states.placed", "[]").code == 0
    assert "    placed: []\n" in path.read_text(encoding="utf-8")
    assert len(list((agent_.home / "site-versions").iterdir())) == 2


def test_what_stands_there_already_writes_nothing_and_a_mark_alone_unproves_nothing(agent_: Terminal) -> None:
    path = own(agent_)
    assert "nothing was written" in agent_("site", "set", "mall", PHONE, "css=input[name=mobile]").out
    assert list(everything(agent_.home)) == [str(path)]
    ended = agent_("site", "set", "mall", "pages.order_form.next", "button=下一步", "--seen")
    assert (
        ended.code == 0 and "proven again" not in ended.out and "    next: button=下一步\n" in path.read_text(encoding="utf-8")
    )


def test_a_word_that_is_missing_is_put_at_the_end_of_its_page(agent_: Terminal) -> None:
    path = own(agent_, MALL.replace("    discount: beside=优惠\n", "", 1))
    assert agent_("check", "mall").code == 2
    assert agent_("site", "set", "mall", "pages.confirm.discount", "beside=优惠", "--seen").code == 0
    assert "    place_order: button=提交订单\n    discount: beside=优惠\n\n" in path.read_text(encoding="utf-8")
    assert agent_("check", "mall").code == 0


@pytest.mark.parametrize(
    ("typed", "what", "place", "todo"),
    [
        (["malll", PHONE, "label=x"], "no site file “malll”", "", "mall"),
        (["mall", "pages.order_from.phone", "label=x"], "no `order_from` in `pages`", "mall.yaml, line 48", "`order_form`"),
        (
            ["mall", "pages.order_form", "label=x"],
            "`pages.order_form` is a whole page",
            "line 72",
            "`pages.order_form.open_at`",
        ),
        (["mall", "flows.log_in", "x"], "is a flow", "line 228", "in the file itself"),
        (["mall", PHONE, "label=a\nb"], "one line", "line 77", "line ends"),
    ],
)
def test_what_cannot_be_set_is_told_in_three_lines(
    agent_: Terminal, typed: list[str], what: str, place: str, todo: str
) -> None:
    own(agent_)
    before = everything(agent_.home)
    ended = agent_("site", "set", *typed)
    lines = three_lines(ended)
    assert ended.code == 2 and what in lines[0] and place in lines[1] and todo in lines[2]
    assert everything(agent_.home) == before


@pytest.mark.parametrize(
    ("path", "value", "line", "told"),
    [
        (PHONE, "lable=手机", 77, "Did you mean `label`?"),
        (PHONE, "手机", 77, "says no way of finding"),
        (PHONE, "label：手机", 77, "says no way of finding"),
        (PHONE, "label＝手机", 77, "half-width ="),
        (PHONE, "css=a[b", 77, "not closed"),
        (PHONE, "", 77, "says no way of finding"),
        ("pages.order_form.phoone", "label=手机", 95, "Did you mean `phone`?"),
        ("pages.order_form.phone number", "label=手机", 95, "cannot be a name"),
        ("limits.settle", "soon", 14, "is no duration"),
        ("messages.停售", "Refused", 44, "Refused"),
        ("flows.submit_order.1.commit", "place_ordr", 260, "place_ordr"),
        ("pages.my_orders.orders.row_count.part", "总计", 137, "exactly once"),
    ],
)
def test_what_the_file_cannot_say_is_refused_with_its_line(
    agent_: Terminal, path: str, value: str, line: int, told: str
) -> None:
    file = own(agent_)
    ended = agent_("site", "set", "mall", path, value)
    assert ended.code == 2 and f"{file}:{line}: " in ended.err and told in ended.err
    assert list(everything(agent_.home)) == [str(file)] and file.read_text(encoding="utf-8") == MALL


@pytest.mark.parametrize("value", ["css=#a #b", "label=收货人：", "text=\"x\" or 'y'", "css=a[title='b: c']", "text=“引号”"])
def test_odd_values_are_written_so_that_they_are_read(agent_: Terminal, value: str) -> None:
    path = own(agent_)
    assert agent_("site", "set", "mall", PHONE, value).code == 0
    (locator,) = read_site(path).pages["order_form"].places["phone"].locators
    assert str(locator) == value and agent_("check", "mall").code == 0
    assert agent_("site", "show", "mall", PHONE, "--json").data("site")["value"] == value


@pytest.mark.parametrize(("raw", "told"), [(MALL.encode("gbk"), "GBK"), (b"", "empty"), (MALL.encode("utf-16"), "UTF-16")])
def test_a_file_that_cannot_be_read_is_told_and_left(agent_: Terminal, raw: bytes, told: str) -> None:
    path = own(agent_, raw)
    for typed in (["set", "mall", PHONE, "label=x"], ["show", "mall"], ["show", "mall", PHONE]):
        ended = agent_("site", *typed)
        assert ended.code == 2 and told in ended.err and str(path) in ended.err
    assert path.read_bytes() == raw


def test_a_file_from_windows_stays_one(agent_: Terminal) -> None:
    raw = ("\ufeff" + MALL.rstrip("\n")).replace("\n", "\r\n").encode()
    path = own(agent_, raw)
    assert agent_("site", "set", "mall", PHONE, "label=手机").code == 0
    assert path.read_bytes() == raw.replace(OLD.encode(), NEW.encode())


def refuses(*_told: object, **_more: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("fails", ["open", "replace"])
@pytest.mark.parametrize("shipped", [True, False])
def test_a_folder_that_cannot_be_written_is_told_and_no_copy_is_left(
    agent_: Terminal, monkeypatch: pytest.MonkeyPatch, fails: str, shipped: bool
) -> None:
    path = agent_.home / "selectors" / "mall.yaml" if shipped else own(agent_)
    before = [path.read_bytes()] if path.exists() else []
    monkeypatch.setattr(saving.os, fails, refuses)
    ended = agent_("site", "set", "mall", PHONE, "label=手机")
    monkeypatch.undo()
    lines = three_lines(ended)
    assert ended.code == 2 and "Permission denied" in lines[0] and str(path) in lines[1] and "read-only" in lines[2]
    assert [each.read_bytes() for each in path.parent.glob("*")] == before


def test_what_somebody_changed_meanwhile_is_shown_and_left(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own(agent_)
    theirs = MALL.replace("name: 小商城", "name: 大商城")

    def reads(document: Document) -> Site:
        path.write_text(theirs, encoding="utf-8")
        return site_of(document)

    monkeypatch.setattr(site_files, "site_of", reads)
    ended = agent_("site", "set", "mall", PHONE, "label=手机")
    assert ended.code == 2 and "meanwhile" in ended.err and "-name: 小商城\n+name: 大商城\n" in ended.err
    assert path.read_text(encoding="utf-8") == theirs and list(everything(agent_.home)) == [str(path)]


def test_a_link_to_the_programs_own_file_is_not_written_through(
    agent_: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "mall.yaml").write_text(MALL, encoding="utf-8")
    monkeypatch.setattr(home, "SHIPPED_SITES", shipped)
    monkeypatch.setattr(site_files, "SHIPPED_SITES", shipped)
    path = agent_.home / "selectors" / "mall.yaml"
    path.parent.mkdir(parents=True)
    try:
        path.symlink_to(shipped / "mall.yaml")
    except OSError:
        pytest.skip("no links here")
    ended = agent_("site", "set", "mall", PHONE, "label=手机")
    assert ended.code == 2 and str(path) in three_lines(ended)[1]
    assert path.is_symlink() and (shipped / "mall.yaml").read_text(encoding="utf-8") == MALL


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_narrow_terminal_cuts_no_name(agent_: Terminal, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(tell, "WIDTH_OF_A_FILE", 0)
    out = " ".join(agent_("site", "show", "mall").out.split())
    assert "supplier_order_number" in out and "receiver_name" in out


def test_a_mistake_elsewhere_does_not_keep_a_value_from_being_shown_but_from_being_saved(agent_: Terminal) -> None:
    own(agent_, MALL.replace("heading=会员中心", "hading=会员中心"))
    shown = agent_("site", "show", "mall", PHONE)
    assert shown.code == 0 and f"77  {OLD}" in shown.out
    assert "hading" in agent_("site", "set", "mall", PHONE, "label=手机").err
    assert agent_("site", "set", "mall", "pages.account.here_if", "heading=会员中心").code == 0


def test_the_whole_site_in_one_screen(agent_: Terminal) -> None:
    out = " ".join(agent_("site", "show", "mall").out.split())
    site = read_site(SHIPPED_SITES / "mall.yaml")
    for word in ("小商城", "supplier", "https://mall.example", *site.pages, *site.flows, "place_order", "53 guessed"):
        assert word in out
    told = agent_("site", "show", "mall", "--json").data("site")
    assert list(told["pages"]) == list(site.pages) and list(told["flows"]) == list(site.flows)
    phone = told["pages"]["order_form"]["places"]["phone"]
    assert phone == {"line": 77, "locators": ["css=input[name=mobile]"], "guess": False}
    assert told["pages"]["my_orders"]["places"]["orders"]["places"]["state"]["locators"] == ["column=订单状态"]


def test_what_stands_at_a_path_with_its_lines(agent_: Terminal) -> None:
    shown = agent_("site", "show", "mall", "pages.my_orders.orders.state")
    assert "lines 142 to 144" in shown.out and "143          find: column=订单状态\n" in shown.out
    told = agent_("site", "show", "mall", "pages.my_orders.orders.state", "--json").data("site")
    assert (told["line"], told["last_line"]) == (142, 144)
    assert told["value"] == {"find": "column=订单状态", "words": "order_states"}
    assert told["lines"] == MALL.split("\n")[141:144]
    ended = agent_("site", "show", "mall", "pages.my_orders.ordes")
    assert ended.code == 2 and "`orders`" in three_lines(ended)[2] and "line 122" in three_lines(ended)[1]


def test_a_flow_in_plain_words(agent_: Terminal) -> None:
    out = agent_("site", "show", "mall", "flows.fill_order").out
    assert "  open the page order_form  (line 236)\n" in out
    assert "  for each product:  (line 247)\n      fill product with <line.product>  (line 248)\n" in out
    assert "basket has exactly one row where product is <line.product> and specification is" in out
    assert (
        "the one click that writes; the browser asks “确定提交吗”" in agent_("site", "show", "mall", "flows.submit_order").out
    )
    chinese = agent_("site", "show", "mall", "flows.fill_order", language="zh").out
    assert "打开页面 order_form（第 236 行）" in chinese and "每个商品各做一遍" in chinese
    told = agent_("site", "show", "mall", "flows.fill_order", "--json").data("site")
    assert told["steps"][6]["steps"][1] == {"line": 249, "says": "press Tab"}


def test_every_verb_is_told_in_words() -> None:
    """Those of the shipped files, nested ones included, are all verbs there are."""
    seen: set[type[Step]] = set()
    for path in sorted(SHIPPED_SITES.rglob("*.yaml")):
        site = read_site(path)
        for flow in site.flows.values():
            steps = [visit.step for visit in site.walk(flow.name)]
            assert [(step.line, said(step)) for step in steps] == [(line, words) for _right, line, words in told(flow.steps)]
            seen |= {type(step) for step in steps}
    assert seen == set(get_args(Step)) and len(VERBS) == len(seen)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "Böse Name"), "cannot be the name"),
        (("new", "mall"), "There is a file already"),
        (("new", "fresh", "--kind", "supplier", "--host", "mall.example"), "is no address"),
        (("new", "fresh", "--kind", "shop", "--from", "mall"), "is not the file of such a site"),
        (("new", "fresh", "--from", "nothing"), "There is no site file"),
    ],
)
def test_what_cannot_be_taught_is_told_in_three_lines(agent_: Terminal, words: tuple[str, ...], told: str) -> None:
    ended = agent_("site", *words)
    assert ended.code == 2
    assert told in ended.err
    assert not (agent_.home / "drafts").exists()


def test_a_draft_that_cannot_be_read_is_told_and_left(agent_: Terminal) -> None:
    draft = agent_.home / "drafts" / "fresh.json"
    draft.parent.mkdir(parents=True)
    draft.write_text("{", encoding="utf-8")
    ended = agent_("site", "new", "fresh", "--kind", "supplier")
    assert (ended.code, draft.read_text(encoding="utf-8")) == (2, "{")
    assert "The draft cannot be read" in ended.err
