"""The couriers in the shop's select, by their full names; neighbours differ by one word on purpose."""

from __future__ import annotations

CARRIERS = (
    *("顺丰速运", "顺丰快运", "中通快递", "中通快运", "圆通速递", "申通快递", "韵达速递", "韵达快运", "极兔速递"),
    *("邮政快递包裹", "邮政标准快递", "EMS", "京东物流", "京东快运", "德邦快递", "德邦物流", "丹鸟", "菜鸟速递"),
    *("百世快递", "百世快运", "安能物流", "优速快递", "宅急送", "跨越速运", "壹米滴答", "顺心捷达", "苏宁物流", "天天快递"),
)
