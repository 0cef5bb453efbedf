"""The regions the demo's addresses stand in, as each site spells them.

The shop gives four plain levels; the supplier's selects have three, without 省 and 市 (DOMAIN 4.1). A small table made
by hand: the ordinary case, municipalities, counties straight under a province, cities without districts, autonomous
regions, and neighbours with names that are easy to confuse.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """One district with its towns: `shop` as the shop writes province, city, district; `mall` as the supplier does."""

    shop: tuple[str, str, str]
    mall: tuple[str, str, str]
    towns: tuple[str, ...]


REGIONS: tuple[Region, ...] = (
    Region(("浙江省", "杭州市", "临平区"), ("浙江", "杭州", "临平区"), ("南苑街道", "东湖街道", "塘栖镇")),
    Region(("浙江省", "杭州市", "余杭区"), ("浙江", "杭州", "余杭区"), ("仓前街道", "良渚街道")),
    Region(("浙江省", "杭州市", "钱塘区"), ("浙江", "杭州", "钱塘区"), ("下沙街道", "白杨街道")),
    Region(("浙江省", "金华市", "义乌市"), ("浙江", "金华", "义乌市"), ("稠城街道", "佛堂镇")),
    Region(("浙江省", "金华市", "婺城区"), ("浙江", "金华", "婺城区"), ("城东街道",)),
    Region(("江苏省", "苏州市", "吴中区"), ("江苏", "苏州", "吴中区"), ("木渎镇", "长桥街道")),
    Region(("江苏省", "苏州市", "昆山市"), ("江苏", "苏州", "昆山市"), ("花桥镇", "玉山镇")),
    Region(("江苏省", "南京市", "鼓楼区"), ("江苏", "南京", "鼓楼区"), ("湖南路街道",)),
    Region(("江苏省", "徐州市", "鼓楼区"), ("江苏", "徐州", "鼓楼区"), ("牌楼街道",)),
    Region(("福建省", "福州市", "鼓楼区"), ("福建", "福州", "鼓楼区"), ("东街街道",)),
    Region(("北京市", "北京市", "朝阳区"), ("北京", "北京", "朝阳区"), ("望京街道", "三里屯街道")),
    Region(("北京市", "北京市", "海淀区"), ("北京", "北京", "海淀区"), ("中关村街道",)),
    Region(("吉林省", "长春市", "朝阳区"), ("吉林", "长春", "朝阳区"), ("前进街道",)),
    Region(("上海市", "上海市", "浦东新区"), ("上海", "上海", "浦东新区"), ("张江镇", "陆家嘴街道")),
    Region(("上海市", "上海市", "闵行区"), ("上海", "上海", "闵行区"), ("七宝镇",)),
    Region(("天津市", "天津市", "南开区"), ("天津", "天津", "南开区"), ("学府街道",)),
    Region(("重庆市", "重庆市", "渝北区"), ("重庆", "重庆", "渝北区"), ("龙溪街道",)),
    Region(("重庆市", "县", "云阳县"), ("重庆", "重庆", "云阳县"), ("双江街道",)),
    Region(("湖北省", "省直辖县级行政区划", "仙桃市"), ("湖北", "省直辖县", "仙桃市"), ("沙嘴街道", "彭场镇")),
    Region(("湖北省", "武汉市", "洪山区"), ("湖北", "武汉", "洪山区"), ("关山街道",)),
    Region(("广东省", "东莞市", "东莞市"), ("广东", "东莞", "长安镇"), ("长安镇",)),
    Region(("广东省", "东莞市", "东莞市"), ("广东", "东莞", "虎门镇"), ("虎门镇",)),
    Region(("广东省", "广州市", "白云区"), ("广东", "广州", "白云区"), ("三元里街道", "人和镇")),
    Region(("广东省", "深圳市", "南山区"), ("广东", "深圳", "南山区"), ("粤海街道", "桃源街道")),
    Region(("贵州省", "贵阳市", "白云区"), ("贵州", "贵阳", "白云区"), ("大山洞街道",)),
    Region(("海南省", "儋州市", "儋州市"), ("海南", "儋州", "那大镇"), ("那大镇",)),
    Region(("河北省", "保定市", "雄县"), ("河北", "保定", "雄县"), ("雄州镇",)),
    Region(("四川省", "成都市", "武侯区"), ("四川", "成都", "武侯区"), ("桂溪街道",)),
    Region(("湖南省", "长沙市", "岳麓区"), ("湖南", "长沙", "岳麓区"), ("麓谷街道",)),
    Region(("山东省", "青岛市", "市南区"), ("山东", "青岛", "市南区"), ("八大湖街道",)),
    Region(("内蒙古自治区", "呼和浩特市", "赛罕区"), ("内蒙古", "呼和浩特", "赛罕区"), ("人民路街道",)),
    Region(("广西壮族自治区", "南宁市", "青秀区"), ("广西", "南宁", "青秀区"), ("新竹街道",)),
    Region(("新疆维吾尔自治区", "乌鲁木齐市", "天山区"), ("新疆", "乌鲁木齐", "天山区"), ("解放北路街道",)),
    Region(("西藏自治区", "拉萨市", "城关区"), ("西藏", "拉萨", "城关区"), ("吉日街道",)),
)


def mall_provinces() -> list[str]:
    return list(dict.fromkeys(region.mall[0] for region in REGIONS))


def mall_cities(province: str) -> list[str]:
    return list(dict.fromkeys(region.mall[1] for region in REGIONS if region.mall[0] == province))


def mall_districts(province: str, city: str) -> list[str]:
    return list(dict.fromkeys(region.mall[2] for region in REGIONS if region.mall[:2] == (province, city)))
