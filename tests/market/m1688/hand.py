"""A person's hand at the marketplace: for tests of it without the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.market.core import Market

REFERENCE = "H7K2M9QX4TB3"
SHIRT, MUG, HOOK = "612345678901", "612345678902", "612345678903"
TAILOR, POTTER = "广州市衣尚服饰有限公司", "景德镇市瓷韵陶瓷厂"
LIST = "/app/ctf-page/trade-order-list/buyer-order-list.html"
DETAIL = "/app/ctf-page/trade-order-detail/index.html"


def with_offers(market: Market) -> Market:
    """The same market with a shirt of two axes, a mug with a price for dropshippers, and a hook of one axis."""
    shirt = {f"{colour};{size}": (1800, 50) for colour in ("黑色", "白色") for size in ("M", "L", "XL")}
    market.m1688.add_offer(SHIRT, "纯棉圆领短袖T恤男女同款宽松打底衫", TAILOR, ["颜色", "尺码"], shirt)
    mug = {"白色": (900, 40, 1250), "青花": (1100, 3, 1480)}
    market.m1688.add_offer(MUG, "陶瓷马克杯 350ml 办公室水杯", POTTER, ["颜色"], mug, minimum=10)
    market.m1688.add_offer(HOOK, "不锈钢免打孔挂钩", TAILOR, [], {"单个": (320, 500)})
    return market


def close_at_once(closes: Locator) -> None:
    """Clicks what is there now, and waits for nothing: the layer may go with its page, and while it is being clicked, too."""
    try:
        closes.evaluate_all("found => found.forEach(one => one.click())")
    except PlaywrightError as error:
        if "Execution context was destroyed" not in error.message:
            raise


class Hand:
    """A person at the marketplace: signs in, closes what is in the way, buys."""

    def __init__(self, market: Market, page: Page) -> None:
        self.market, self.page, self.site = market, page, market.m1688
        page.add_locator_handler(page.locator(".popup-layer .popup-close"), close_at_once)

    def go(self, host: str, path: str) -> None:
        self.page.goto(self.site.addresses[host] + path)

    def sign_in(self, password: str | None = None) -> None:
        self.go("login", "/member/signin.htm")
        frame = self.page.frame_locator("#alibaba-login-iframe")
        frame.locator("#fm-login-id").fill(self.site.user_name)
        frame.locator("#fm-login-password").fill(password or self.site.password)
        frame.get_by_role("button", name="登录").click()

    def add(self, offer: str, sku: str, quantity: int, *, tab: str = "") -> None:
        """Types the quantity into the row of a specification and puts it into the cart."""
        self.go("detail", f"/offer/{offer}.html")
        if tab:
            self.page.locator(".price-tab", has_text=tab).click()
        self.type_quantity(sku, quantity)
        self.page.locator("button[data-click=ADD_CART]").click()
        expect(self.page.locator(".feedback-dialog-message")).to_have_text("加购成功")

    def type_quantity(self, sku: str, quantity: int) -> None:
        *first, last = sku.split(";")
        for value in first:
            self.page.locator("button.sku-filter-button", has_text=value).click()
        row = self.page.locator(".expand-view-item").filter(has=self.page.locator(f'.item-label[title="{last}"]'))
        row.locator(".ant-input-number-input").fill(str(quantity))

    def cart(self) -> None:
        self.go("cart", "/cart.htm")
        expect(self.page.locator('[class*="bottom-bar--submitBtn"]')).to_be_visible()

    def item(self, sku: str) -> Locator:
        rows = self.page.locator('[class*="item--container"]')
        return rows.filter(has=self.page.locator(f'[class*="item--sku"]:text-is("{sku}")'))

    def tick(self, sku: str) -> None:
        with self.page.expect_response(lambda response: "/cart/ajax/data.json" in response.url):
            self.item(sku).locator(".next-checkbox-input").click()
        expect(self.item(sku).locator(".next-checkbox-input")).to_be_visible()

    def settle(self) -> None:
        self.page.locator('[class*="bottom-bar--submitBtn"]').click()
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("q-button[type=primary][disabled=false][loading=false]:visible").first).to_be_visible()

    def address(self, name: str, phone: str, region: tuple[str, ...], detail: str) -> None:
        """Mends the chosen address by hand."""
        self.page.locator(".address-action").click()
        self.page.locator(".address-item.selected .ant-btn-text").click()
        self.page.locator("#fullName").fill(name)
        self.page.locator("#mobile").fill(phone)
        self.page.locator(".ant-cascader").click()
        for level, word in enumerate(region):
            menu = self.page.locator(".ant-cascader-menu").nth(level)
            menu.locator(f'.ant-cascader-menu-item[title="{word}"]').click()
        expect(self.page.locator(".ant-select-selection-item")).to_have_text(" / ".join(region))
        self.page.locator("textarea#address").fill(detail)
        self.save_address()

    def save_address(self) -> None:
        self.page.get_by_role("button", name="保 存").click()
        expect(self.page.locator("textarea#address")).to_have_count(0)
        self.page.get_by_role("button", name="确 定").click()
        expect(self.page.locator(".ant-modal")).to_have_count(0)
        self.ready()

    def write(self, message: str, nth: int = 0) -> None:
        with self.page.expect_response(lambda response: "message.json" in response.url):
            self.page.locator(".leave-message-container .q-textarea textarea").nth(nth).fill(message)

    def to_confirm(self, reference: str = REFERENCE, *, sku: str = "黑色;L", quantity: int = 2) -> None:
        """A shirt at once to the confirm page, with the reference in the message."""
        self.go("detail", f"/offer/{SHIRT}.html")
        self.type_quantity(sku, quantity)
        self.page.locator("#submitOrder").click()
        self.ready()
        self.write(f"外部单号 {reference} 请勿放价格单")

    def place(self) -> None:
        self.page.locator("q-button[type=primary]:visible").last.click()

    def numbers_shown(self) -> list[str]:
        expect(self.page.locator(".order-no").first).to_be_visible()
        return self.page.locator(".order-no").all_inner_texts()

    def numbers_listed(self) -> list[str]:
        self.go("air", LIST)
        expect(self.page.locator(".order-count")).to_be_visible()
        return self.page.locator("order-item .order-id").all_inner_texts()

    def cashier(self, *numbers: str) -> None:
        """To the cashier of one order, or of several that are paid together."""
        path, name = ("batch-cashier", "cashierOrderNo") if len(numbers) > 1 else ("cashier", "orderId")
        self.go("air", f"/app/ctf-page/payment-cashier-pc-air/{path}.html?{name}={','.join(numbers)}")
        expect(self.page.locator(".pay-submit").first).to_be_enabled()

    def pay(self, method: str) -> None:
        self.page.get_by_label(method).check()
        self.page.locator(".pay-submit:visible").last.click()

    def slide(self) -> None:
        """Draws the slider to its end."""
        knob = self.page.locator("#nc_1_n1z")
        frame = self.page.locator("#baxia-dialog-content")
        if frame.count():
            knob = frame.content_frame.locator("#nc_1_n1z")
        knob.scroll_into_view_if_needed()
        box = knob.bounding_box()
        assert box is not None
        x, y = box["x"] + 10, box["y"] + 10
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + 420, y, steps=8)
        self.page.mouse.up()
