"""The provinces as 抖店 writes them, and as everybody calls them: an address begins with one, and config.yaml names them.

It stands apart from work/regions.py so that config.yaml can be held against it.
"""

from __future__ import annotations

MUNICIPALITIES = {"北京市": "北京", "天津市": "天津", "上海市": "上海", "重庆市": "重庆"}
_COMMON = """
    河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省
    四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省
"""
PROVINCES = {
    **MUNICIPALITIES,
    **{name: name.removesuffix("省") for name in _COMMON.split()},
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
