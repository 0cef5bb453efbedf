"""Choosing: native selects, selects drawn by component libraries, option groups; spellings, late options, dropped choices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import Mismatch, PageChanged
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Little

Make = Callable[..., Agent]
TEXT = """\
words:
  flags: {red: 红, green: [绿, 绿色]}
pages:
  form:
    open_at: /
    here_if: heading=单
    province: label=省
    city: label=市
    specification:
      options: css=.sku *
    flag:
      options: css=.flags label
      words: flags
flows:
  region:
    - open: form
    - choose: {province: <receiver.province>}
    - choose: {city: <receiver.city>}
  province:
    - open: form
    - choose: {province: <receiver.province>}
  sku:
    - open: form
    - choose: {specification: <line.specification>}
  flag:
    - open: form
    - choose: {flag: <order.flag>}
"""
SELECT = "<h1>单</h1><label for=p>省</label><select id=p><option>请选择</option>{}</select>"


def test_native_select_takes_the_first_spelling_offered(agent_for: Make, little: Little) -> None:
    little.pages["/"] = SELECT.format("<option>浙江</option><option>浙江省内</option>")
    reading = agent_for(TEXT).play("province", {"receiver.province": ("浙江省", "浙江")})
    assert reading.chosen == {"province": "浙江"}


@pytest.mark.parametrize(
    "options", ["<option>浙江南</option>", "<option disabled>浙江</option>", "<option hidden>浙江</option>", ""]
)
def test_an_option_that_is_not_offered_is_a_mismatch(agent_for: Make, little: Little, options: str) -> None:
    little.pages["/"] = SELECT.format(options)
    with pytest.raises(Mismatch, match="请选择"):
        agent_for(TEXT, wait_for_page=1.5).play("province", {"receiver.province": ("浙江省", "浙江")})


def test_two_options_with_the_same_words_are_not_chosen_from(agent_for: Make, little: Little) -> None:
    little.pages["/"] = SELECT.format("<option value=1>浙江</option><option value=2>浙 江</option>")
    with pytest.raises(PageChanged, match="2 options"):
        agent_for(TEXT, wait_for_page=1.5).play("province", {"receiver.province": "浙江"})


def test_options_that_come_late_and_a_choice_that_is_dropped_once(agent_for: Make, little: Little) -> None:
    little.pages["/cities"] = Answer("杭州", bare=True)
    little.pages["/"] = SELECT.format("<option>浙江</option><option>广东</option>") + (
        "<label for=c>市</label><select id=c><option>请选择</option></select><script>let times = 0;"
        "p.onchange = () => fetch('/cities').then(r => r.text()).then(t => { c.innerHTML = '<option>请选择<option>' + t; });"
        "c.onchange = () => { times += 1; if (times === 1) fetch('/cities').then(() => { c.selectedIndex = 0; }); };</script>"
    )
    agent = agent_for(TEXT)
    reading = agent.play("region", {"receiver.province": "浙江", "receiver.city": "杭州"})
    assert reading.chosen == {"province": "浙江", "city": "杭州"}
    assert agent.stage.here.evaluate("[c.value, times]") == ["杭州", 2]


def test_a_choice_dropped_again_and_again_stops(agent_for: Make, little: Little) -> None:
    little.pages["/"] = SELECT.format("<option>浙江</option>") + "<script>p.onchange = () => { p.selectedIndex = 0; };</script>"
    with pytest.raises(Mismatch, match="keep"):
        agent_for(TEXT).play("province", {"receiver.province": "浙江"})


def drawn(options: int, *, search: bool = True) -> str:
    """An AntD-like select: the options in a portal at the end of the body, only those in view drawn."""
    box = "<input id=rc_1 role=combobox style='opacity:0;width:20px'>" if search else ""
    return f"""<h1>单</h1><label for=rc_1>省</label>
    <div class="auxo-select auxo-select-show-search" id=s style="width:200px;height:30px;border:1px solid">
      <div class=auxo-select-selector><span class=auxo-select-selection-search>{box}</span>
      <span class=auxo-select-selection-placeholder>请选择</span></div></div>
    <script>
      const all = Array.from({{length: {options}}}, (_, i) => '快递' + i).concat(['浙江', '浙江XL']);
      let panel = null, from = 0;
      const draw = (filter = '') => {{
        panel.innerHTML = '<div class=holder style="height:100px;overflow:auto">' + all.filter(w => w.includes(filter)).slice(from, from + 8)
          .map(w => `<div class="auxo-select-item auxo-select-item-option" style="height:24px" title="${{w}}">` +
            `<div class=auxo-select-item-option-content>${{w}}</div></div>`).join('') + '</div>';
        panel.querySelectorAll('.auxo-select-item').forEach(el => el.onclick = () => {{
          s.querySelector('.auxo-select-selection-placeholder, .auxo-select-selection-item').outerHTML =
            `<span class=auxo-select-selection-item title="${{el.title}}">${{el.title}}</span>`;
          panel.classList.add('auxo-select-dropdown-hidden'); panel.style.display = 'none'; }});
        panel.querySelector('.holder').onscroll = (e) => {{ if (e.target.scrollTop > 20 && from + 8 < all.length) {{ from += 6; draw(filter); }} }};
      }};
      s.onclick = () => setTimeout(() => {{ if (panel) panel.remove(); panel = document.createElement('div');
        panel.className = 'auxo-select-dropdown'; document.body.append(panel); from = 0; draw(); }}, 80);
      const box = s.querySelector('input'); if (box) box.oninput = () => setTimeout(() => {{ from = 0; draw(box.value); }}, 60);
    </script>"""


@pytest.mark.parametrize("search", [True, False])
def test_a_drawn_select_with_options_out_of_view(agent_for: Make, little: Little, search: bool) -> None:
    page = drawn(60, search=search)
    little.pages["/"] = page if search else page.replace("<label for=rc_1>省</label>", "<label>省</label>")
    agent = agent_for(TEXT, wait_for_page=20)
    reading = agent.play("province", {"receiver.province": ("浙江省", "浙江")})
    assert reading.chosen == {"province": "浙江"}
    assert agent.stage.here.locator(".auxo-select-selection-item").inner_text() == "浙江"


def test_a_drawn_select_without_the_option(agent_for: Make, little: Little) -> None:
    little.pages["/"] = drawn(3).replace(".concat(['浙江', '浙江XL'])", ".concat(['浙江XL'])")
    with pytest.raises(Mismatch, match="No option"):
        agent_for(TEXT, wait_for_page=1.5).play("province", {"receiver.province": "浙江"})


RADIOS = "<h1>单</h1><div class=sku>{}</div>"


@pytest.mark.parametrize(
    "options",
    [
        "<label><input type=radio name=s>黑色/L</label><label><input type=radio name=s>黑色/XL</label>",
        "<button onclick=\"this.className='selected'\">黑色/L</button><button>黑色/XL</button>",
        "<button onclick=\"this.setAttribute('aria-pressed', 'true')\" aria-pressed=false>黑色/L</button>"
        "<button aria-pressed=false>黑色/XL</button>",
        "<button class=a onclick=\"this.className='a bd-red'\">黑色/L</button><button class=a>黑色/XL</button><button class=a>白/L</button>",
        "<button onclick=\"this.className='on'\"><img alt=黑色/L></button><button><img alt=黑色/XL></button>",
        "<button onclick=\"this.className='on'\" title=黑色/L> </button><button title=黑色/XL> </button>",
    ],
)
def test_option_groups_never_take_xl_for_l(agent_for: Make, little: Little, options: str) -> None:
    little.pages["/"] = RADIOS.format(options)
    reading = agent_for(TEXT.replace(".sku *", ".sku > *")).play("sku", {"line.specification": "黑色/L"})
    assert reading.chosen == {"specification": "黑色/L"}


@pytest.mark.parametrize(
    "options",
    [
        "<b data-sku=A1-X>黑</b><b data-sku=A1 onclick=\"this.className='on'; tell(this.dataset.sku)\">黑</b>",
        "<label><input type=radio name=s data-sku=A1-X>黑</label>"
        "<label><input type=radio name=s data-sku=A1 onchange='tell(this.dataset.sku)'>黑</label>",
    ],
)
def test_options_with_the_same_words_are_told_apart_by_what_is_not_seen(agent_for: Make, little: Little, options: str) -> None:
    tell = "<script>const tell = (sku) => fetch('/told?' + sku, { method: 'POST' })</script>"
    little.pages |= {"/": RADIOS.format(options) + tell, "/told": "ok"}
    text = TEXT.replace("options: css=.sku *", "options: css=.sku [data-sku]\n      attribute: data-sku")
    assert agent_for(text).play("sku", {"line.specification": "A1"}).chosen == {"specification": "A1"}
    assert [one.path for one in little.posts] == ["/told?A1"]
    with pytest.raises(Mismatch, match="No option says “A”; offered are: A1-X, A1"):
        agent_for(text, wait_for_page=1.5).play("sku", {"line.specification": "A"})


def test_letter_case_counts_in_an_option(agent_for: Make, little: Little) -> None:
    little.pages["/"] = RADIOS.format("<label><input type=radio name=s>黑色/xl</label>")
    with pytest.raises(Mismatch, match="黑色/XL"):
        agent_for(TEXT.replace(".sku *", ".sku > *"), wait_for_page=1.5).play("sku", {"line.specification": "黑色/XL"})


def test_an_option_that_does_not_show_as_chosen_stops(agent_for: Make, little: Little) -> None:
    little.pages["/"] = RADIOS.format("<button>黑色/L</button><button>黑色/XL</button>")
    with pytest.raises(Mismatch, match="keep"):
        agent_for(TEXT.replace(".sku *", ".sku > *")).play("sku", {"line.specification": "黑色/L"})


def test_a_picker_that_goes_away_has_done_its_work(agent_for: Make, little: Little) -> None:
    little.pages["/"] = RADIOS.format('<button onclick="this.parentElement.remove()">黑色/L</button><button>黑色/XL</button>')
    agent = agent_for(TEXT.replace(".sku *", ".sku > *"))
    assert agent.play("sku", {"line.specification": "黑色/L"}).chosen == {"specification": "黑色/L"}


SUGGESTS = """<h1>单</h1><label>街道 <input id=street autocomplete=off></label><ul id=offers></ul><script>
  const tell = (told) => fetch("/told", { method: "POST", body: new URLSearchParams({ told }) });
  street.oninput = () => setTimeout(() => { offers.innerHTML = ["乔司街道办", "乔司街道"].map((one) => `<li>${one}</li>`).join(""); }, 200);
  offers.onclick = (event) => { street.value = event.target.innerText; offers.innerHTML = ""; tell(street.value); };
</script>"""


def test_a_suggestion_is_taken_where_typing_alone_does_not_count(agent_for: Make, little: Little) -> None:
    little.pages |= {"/": SUGGESTS, "/told": "ok"}
    text = (
        "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n    street: label=街道\n    offered:\n      options: css=#offers li\n"
        "flows:\n  f:\n    - open: form\n    - fill: {street: <receiver.town>}\n    - choose: {offered: <receiver.town>}\n"
    )
    assert agent_for(text).play("f", {"receiver.town": "乔司街道"}).chosen == {"offered": "乔司街道"}
    assert [one.fields for one in little.posts] == [{"told": "乔司街道"}]


def test_our_word_is_said_in_theirs(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><div class=flags><label><input type=radio name=f>红</label><label><input type=radio name=f>绿色</label></div>"
    )
    assert agent_for(TEXT).play("flag", {"order.flag": "green"}).chosen == {"flag": "绿色"}


# ---- a box that takes a whole address apart


PASTED = """\
pages:
  form:
    open_at: /
    here_if: heading=单
    pasted: placeholder=*粘贴*
    recognise: button=识别
    receiver_name: label=收货人
    phone: label=手机
    address: label=详细地址
    send: button=提交
flows:
  f:
    - open: form
    - fill: {pasted: "<receiver.name> <receiver.phone> <receiver.address>"}
    - click: recognise
    - fill: {receiver_name: <receiver.name>, phone: <receiver.phone>, address: <receiver.detail>}
    - read: [receiver_name, phone, address]
    - click: send
"""
SMART = """<h1>单</h1><textarea id=p placeholder=请粘贴整个地址></textarea><button onclick='smart()'>识别</button><form id=f>
<p><label for=a>收货人</label><input id=a name=name><p><label for=b>手机</label><input id=b name=phone>
<p><label for=c>详细地址</label><input id=c name=address></form>
<button onclick="fetch('/told', {method: 'POST', body: new URLSearchParams(new FormData(f))})">提交</button>
<script>const smart = () => fetch('/smart').then(() => { [a.value, b.value, c.value] = p.value.split(' ');
  b.value = b.value.slice(0, 11); c.value = '临平区' + c.value; });</script>"""


def test_what_a_box_for_whole_addresses_made_of_it_is_put_right(agent_for: Make, little: Little) -> None:
    """It cuts the extension off the phone and puts the district before the address."""
    little.pages |= {"/": SMART, "/smart": "ok", "/told": "ok"}
    receiver = {"name": "张三", "phone": "18400913965-7576", "address": "浙江省杭州市临平区解放路1号", "detail": "解放路1号"}
    reading = agent_for(PASTED).play("f", {f"receiver.{word}": text for word, text in receiver.items()})
    meant = {"name": "张三", "phone": "18400913965-7576", "address": "解放路1号"}
    little.wait_for_posts(1)
    assert little.posts[0].fields == meant
    assert list(reading.raw.values()) == list(meant.values())


# ---- files


UPLOAD = """\
pages:
  form:
    open_at: /
    here_if: heading=单
    contract: label=代发协议
    send: button=提交
flows:
  f:
    - open: form
    - fill: {contract: 协议.txt}
    - click: send
"""
TELL = "<script>const told = async (file) => fetch('/told', {method: 'POST', body: new URLSearchParams({name: file.name, text: await file.text()})});"
BOXES = {
    "plain": "<label for=a>代发协议</label><input id=a type=file><button onclick='told(a.files[0])'>提交</button>",
    "drawn": "<div><label>代发协议</label><span><input id=a type=file style='display:none'><i>选择文件</i></span></div>"
    "<button onclick='told(a.files[0])'>提交</button>",
    "emptied": "<label for=a>代发协议</label><input id=a type=file><ul id=list></ul><button onclick='told(kept)'>提交</button>"
    "<script>let kept; a.onchange = () => { kept = a.files[0]; list.innerHTML = `<li>${kept.name}`; a.value = ''; }</script>",
}


def given(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "协议.txt").write_text("乙方：小林家居", encoding="utf-8")


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_file_is_given_by_its_name(agent_for: Make, little: Little, tmp_path: Path, box: str) -> None:
    given(tmp_path)
    little.pages |= {"/": f"<h1>单</h1>{TELL}</script>{box}", "/told": "ok"}
    agent = agent_for(UPLOAD)
    agent.play("f")
    little.wait_for_posts(1)
    assert little.posts[0].fields == {"name": "协议.txt", "text": "乙方：小林家居"}
    assert set(agent.stage.held) == (set() if "kept" in box else {"contract"})


@pytest.mark.parametrize("name", ["没有.txt", "../协议.txt", "files/协议.txt"])
def test_a_file_that_is_not_there_is_never_looked_for_elsewhere(
    agent_for: Make, little: Little, tmp_path: Path, name: str
) -> None:
    given(tmp_path)
    (tmp_path / "协议.txt").write_text("秘密", encoding="utf-8")
    little.pages["/"] = f"<h1>单</h1>{TELL}</script>{BOXES['plain']}"
    with pytest.raises(Mismatch, match="There is no file") as failed:
        agent_for(UPLOAD.replace("协议.txt", name)).play("f")
    assert str(tmp_path / "files") in failed.value.lines()[2] and little.posts == []


def test_a_page_that_does_not_take_the_file_is_told(agent_for: Make, little: Little, tmp_path: Path) -> None:
    given(tmp_path)
    little.pages["/"] = "<h1>单</h1><p>例：协议.txt</p>" + BOXES["plain"].replace(
        "<input id=a", "<input id=a onchange=\"a.value = ''\""
    )
    with pytest.raises(Mismatch, match=r"shows “” after “协议\.txt”"):
        agent_for(UPLOAD).play("f")
