"""The site, its pages and the agent of the tests of a commit: one order form with a total and one button."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Agent
from tests.browser.little import Little

SITE = """\
words: {}
messages:
  库存不足: SiteRefused
  系统繁忙: SiteUnavailable
pages:
  confirm:
    open_at: /confirm
    here_if: heading=确认订单
    total: beside=应付总额
    place_order: button=提交订单
  thank_you:
    here_if: heading=下单成功
    supplier_order_number: beside=订单号
flows:
  fill_order:
    - open: confirm
    - read: [total]
  submit_order:
    - commit: place_order
      browser_asks: 确定提交吗
    - expect: thank_you
    - read: [supplier_order_number]
"""

TOTAL = "<dl><dt>应付总额</dt><dd id=total>¥10.00</dd></dl>"
THANKS = "<h1>下单成功</h1><dl><dt>订单号</dt><dd>S100</dd></dl>"
FORM = f"<h1>确认订单</h1>{TOTAL}<form method=post action=/order><button>提交订单</button></form>"


def by_script(script: str) -> str:
    """The confirm page, its button doing what the script says; `order()` sends one POST and shows the thanks."""
    return f"""<h1>确认订单</h1>{TOTAL}<button id=go>提交订单</button><script>
      const order = () => fetch('/order', {{method: 'POST'}}).then(() => {{ document.body.innerHTML = {THANKS!r}; }});
      const go = document.getElementById('go');
      {script}</script>"""


@pytest.fixture
def buy(agent_for: Callable[..., Agent], little: Little) -> Agent:
    little.pages |= {"/confirm": FORM, "/order": THANKS}
    return agent_for(SITE)
