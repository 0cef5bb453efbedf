"""A person's hand at the mall, and a person's reading of the site file's locators: for tests of the mall without the agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Dialog, Page, expect

if TYPE_CHECKING:
    from tests.market.core import Market
    from tests.market.mall.state import MallState

REFERENCE = "7K2M9QX4TB3D"
SHIRT = "TS-001"
MUG = "MK-20"


class Hand:
    """A person at the mall: signs in, closes the notice, fills, orders. Says yes to every dialog and remembers the words."""

    def __init__(self, market: Market, page: Page) -> None:
        self.market, self.page = market, page
        self.address = market.addresses.mall if market.addresses else ""
        self.asked: list[str] = []
        page.on("dialog", self._yes)
        page.add_locator_handler(page.locator("#notice .close"), lambda close: close.click())

    def _yes(self, dialog: Dialog) -> None:
        self.asked.append(dialog.message)
        dialog.accept()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, password: str | None = None) -> None:
        self.go("/user.php?act=login")
        self.page.get_by_label("用户名").fill(self.market.mall.user_name)
        self.page.get_by_label("密码").fill(password or self.market.mall.password)
        self.page.get_by_role("button", name="登 录").click()

    def fill(self, reference: str = REFERENCE, *, region: str = "浙江 杭州 临平区", phone: str = "18400913965-7576") -> None:
        self.go("/daifa.php?act=new")
        self.page.get_by_label("外部单号").fill(reference)
        self.page.locator("input[name=consignee]").fill("张三")
        self.page.locator("input[name=mobile]").fill(phone)
        for select, name in zip(("#selProvinces_0", "#selCities_0", "#selDistricts_0"), region.split(), strict=True):
            self.page.locator(select).select_option(label=name)
        self.page.locator("input[name=address]").fill("南苑街道迎宾路1号2幢301")
        self.page.locator("textarea[name=postscript]").fill("请勿放价格单")

    def add(self, product: str, spec: str, quantity: int) -> None:
        self.page.get_by_label("货号").fill(product)
        self.page.keyboard.press("Tab")
        self.page.locator("#goods_attr label").filter(has=self.page.locator(f'input[value="{spec}"]')).click()
        self.page.get_by_label("数量").fill(str(quantity))
        self.page.get_by_role("button", name="添 加").click()

    def next(self) -> None:
        self.page.get_by_role("button", name="下一步").click()

    def to_confirm(self, reference: str = REFERENCE) -> None:
        self.fill(reference)
        self.add(SHIRT, "黑色/L", 2)
        self.next()
        expect(self.page.get_by_role("heading", name="确认订单")).to_be_visible()
        self.page.wait_for_load_state()  # its script asks before it sends

    def place(self) -> None:
        self.page.get_by_role("button", name="提交订单").click()

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()

    def numbers_listed(self, path: str = "/user.php?act=order_list&all=1") -> list[str]:
        self.go(path)
        self.sees("我的订单")
        return self.page.locator("#orders tbody tr td:nth-child(1)").all_inner_texts()


# A person's reading of the locators, only as far as mall.yaml uses them.
COUNT = """([way, words]) => {
  const plain = (text) => text.normalize('NFKC').replace(/\\s+/g, '').toLowerCase().replace(/[:*]+$/, '');
  const seen = (element) => element && element.getClientRects().length > 0;
  const said = (css) => [...document.querySelectorAll(css)].filter((e) => seen(e) && plain(e.innerText) === plain(words));
  const found = {
    css: () => [...document.querySelectorAll(words)],
    label: () => said('label').map((label) => label.control),
    button: () => said('button'),
    link: () => said('a[href]'),
    heading: () => said('h1, h2, h3, h4'),
    text: () => said('p'),
    beside: () => said('dt, th, td, label').map((e) => e.nextElementSibling),
    column: () => said('thead th'),
  };
  return found[way]().filter(seen).length;
}"""


def hits(page: Page, locator: str) -> int:
    return int(page.evaluate(COUNT, locator.split("=", 1)))


def misfits(page: Page, described: Mapping[str, Any]) -> list[str]:
    """The places of a page of the site file that are not there exactly once."""
    wrong = [] if hits(page, described["here_if"]) else [described["here_if"]]
    for name, place in described.items():
        if name in ("open_at", "here_if", "before_sign_in"):
            continue
        if isinstance(place, Mapping) and "rows" in place:
            wrong += _list_misfits(page, place)
            continue
        find = place if isinstance(place, str) else place.get("find") or place["options"]
        if (count := hits(page, find)) != 1 and not (isinstance(place, Mapping) and "options" in place and count > 1):
            wrong.append(f"{name}: {find} is there {count} times")
    return wrong


def _list_misfits(page: Page, described: Mapping[str, Any]) -> list[str]:
    wrong = [] if hits(page, described["rows"]) else [described["rows"]]
    wrong += [described["nothing_found"]] if "nothing_found" in described and hits(page, described["nothing_found"]) else []
    for name, place in described.items():
        find = place if isinstance(place, str) else place["find"]
        if find.startswith("column=") and hits(page, find) != 1:
            wrong.append(f"{name}: {find}")
    return wrong


def with_goods(market: Market) -> Market:
    """The same market, with a shirt and a mug on the mall's shelves."""
    market.mall.add_product(SHIRT, "纯棉圆领短袖T恤", {"黑色/L": (1800, 50), "黑色/XL": (1900, 50)})
    market.mall.add_product(MUG, "马克杯 350ml", {"白色": (1250, 3)})
    return market


def ordered(mall: MallState, reference: str = REFERENCE) -> int:
    """How many orders, cancelled ones too, the books hold under a reference."""
    return len(mall.orders_with(reference))


def person_buys(mall: MallState, reference: str = "") -> Any:
    return mall.add_order(
        [(SHIRT, "黑色/L", 2)],
        name="张三",
        phone="18400913965-7576",
        region=("浙江", "杭州", "临平区"),
        address="路1号",
        reference=reference,
    )
