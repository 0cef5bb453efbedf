"""Carriers and tracking numbers: one table of names, and what a cell of the supplier's page really holds.

The carrier the supplier names wins; carriers share number ranges, so a pattern only raises a doubt (DOMAIN 3.1, 3.2).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from agent.errors import Mismatch
from agent.words import _


@dataclass(frozen=True, slots=True)
class Carrier:
    """`name` as the shop's list has it, `code` as 快递100 writes it, `aliases` suppliers use, `numbers` one pattern."""

    name: str
    code: str
    aliases: tuple[str, ...]
    numbers: re.Pattern[str]


def _carrier(name: str, code: str, aliases: str, *numbers: str) -> Carrier:
    return Carrier(name, code, tuple(aliases.split()), re.compile("|".join(numbers) or ".*"))


CARRIERS: tuple[Carrier, ...] = (
    _carrier("顺丰速运", "shunfeng", "顺丰 顺丰快递 顺丰速递 SF SFEXPRESS", "SF[0-9]{12,13}", "[0-9]{12}", "99[0-9]{13}"),
    _carrier(
        "圆通速递",
        "yuantong",
        "圆通 圆通快递 圆通速运 YTO YT",
        "YT[0-9]{13}",
        "(?!SF|JT|JD|DP)([A-Z][0-9A-Z]|[0-9][A-Z])[0-9]{8,13}",
        "[6-9][0-9]{17}",
    ),
    _carrier("中通快递", "zhongtong", "中通 中通速递 ZTO", "7[58][0-9]{12}", "[0-9]{12}", "[0-9]{15}"),
    _carrier(
        "申通快递", "shentong", "申通 申通速递 STO", "(77|88|99)[0-9]{13}", "773[0-9]{9,13}", "[0-9]{12,13}", "STO[0-9]{10}"
    ),
    _carrier("韵达速递", "yunda", "韵达 韵达快递 YD YUNDA", "[0-9]{13}", "[0-9]{15}"),
    _carrier("极兔速递", "jtexpress", "极兔 极兔快递 JTSD J&T", "JT[0-9]{12,13}"),
    _carrier("邮政快递包裹", "youzhengguonei", "邮政包裹 邮政国内小包 邮政小包 中国邮政快递包裹 YZPY POSTB", "9[0-9]{12}"),
    _carrier("邮政标准快递", "youzhengbk", "邮政标快 EYB", "[A-Z]{2}[0-9]{9}[A-Z]{2}", "(1[0-2]|5[0-2]|9[5789])[0-9]{11}"),
    _carrier("EMS", "ems", "邮政EMS 邮政特快专递 EMS快递", "[A-Z]{2}[0-9]{9}[A-Z]{2}", "(1[0-2]|5[0-2]|9[5789])[0-9]{11}"),
    _carrier(
        "京东物流",
        "jd",
        "京东 京东快递 JD",
        "JDV[A-Z][0-9]{11}(-[0-9]+)*-?",
        "JD(X|K|KA)[0-9]{11,12}(-[0-9]+)*-?",
        "JD[0-9]{11,13}(-[0-9]+)*-?",
    ),
    _carrier("德邦快递", "debangkuaidi", "德邦 DBL", "DPK[0-9]{11,}", "[0-9]{8,10}", "[0-9]{15,}(-[0-9]+)*"),
    _carrier("德邦物流", "debangwuliu", "", "DPK[0-9]{11,}", "[0-9]{8,10}", "[0-9]{15,}(-[0-9]+)*"),
    _carrier("丹鸟", "danniao", "丹鸟快递 丹鸟物流 菜鸟速递"),
    _carrier("百世快递", "huitongkuaidi", "百世 百世汇通 汇通快递 HTKY"),
    _carrier("安能物流", "annengwuliu", "安能 安能快递", "[0-9]{12}"),
    _carrier("优速快递", "youshuwuliu", "优速 优速物流 UC"),
    _carrier("宅急送", "zhaijisong", "宅急送快递 ZJS"),
)

_NUMBER = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*-?")
_SHORTEST, _LONGEST, _FEWEST_DIGITS = 8, 40, 8
_QUOTES = "'‘’`＇"


# How a supplier says that there is no number yet.
NO_NUMBER_YET = frozenset(("", "-", "--", "/", "无", "暂无", "暂无单号", "待更新", "待发货", "未发货", "已发", "已发货"))

_BETWEEN = re.compile(r"[\s()\[\]【】<>《》_,、;/|·:-]+")
_BETWEEN_NUMBERS = re.compile(r"[\s,、;/|]+")
# Kinds of service and forms of a company that stand beside a carrier's name and say nothing about who carries it.
_SERVICES = (
    "股份有限公司",
    "有限公司",
    "公司",
    "标快",
    "特快",
    "特惠",
    "标准",
    "普通",
    "电子面单",
    "包邮",
    "月结",
    "次日达",
    "隔日达",
)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


_BY_WORDS = {_plain(words): carrier for carrier in CARRIERS for words in (carrier.name, carrier.code, *carrier.aliases)}


def carrier_of(text: str) -> Carrier | None:
    """The carrier these words name; None for others, for two at once, and for "默认" or "其他".

    Names stand beside codes, in brackets and before the name of a service ("圆通快递(YTO)", "中通快递 标快"): every word must
    be understood, and all of them name one carrier. What merely holds a name ("大圆通") names none.
    """
    if known := _BY_WORDS.get(_plain(text)):
        return known
    words = [_plain(word) for word in _BETWEEN.split(unicodedata.normalize("NFKC", text))]
    named = [_named(word) for word in words if word and word not in _SERVICES]
    return named[0] if named and all(carrier == named[0] for carrier in named) else None


def _named(word: str) -> Carrier | None:
    """The carrier one word names, with the name of a service or of a company's form behind it or without."""
    for ending in _SERVICES:
        if word not in _BY_WORDS:
            word = word.removesuffix(ending)
    return _BY_WORDS.get(word)


def spellings(carrier: Carrier) -> tuple[str, ...]:
    """The words the shop's courier list may use for it, its full name first."""
    return (carrier.name, *carrier.aliases)


def read_number(text: str) -> str:
    """The one tracking number in a cell, in capitals; Mismatch for anything else (已发, 无, 自提, two numbers, 7.73E+14).

    Outer blanks and the ' that keeps Excel from eating digits are not part of a number; anything inside it is.
    """
    shown = unicodedata.normalize("NFKC", text).strip().lstrip(_QUOTES).strip().upper()
    digits = sum(letter.isdigit() for letter in shown)
    if _NUMBER.fullmatch(shown) and _SHORTEST <= len(shown) <= _LONGEST and digits >= _FEWEST_DIGITS:
        return shown
    raise Mismatch(_("This is not one tracking number: {}").format(text.strip() or _("an empty cell")), reason="tracking")


def numbers_in(text: str) -> tuple[str, ...]:
    """The tracking numbers in a cell, each once; () where it says that there is none yet. Mismatch for any other words.

    Several stand there behind commas, slashes, blanks or in lines of their own: every piece must be a number.
    """
    if _plain(text).strip(_QUOTES) in NO_NUMBER_YET:
        return ()
    pieces = [piece for piece in _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", text)) if piece]
    try:
        return tuple(dict.fromkeys(read_number(piece) for piece in pieces))
    except Mismatch as error:
        raise Mismatch(
            _("The supplier writes “{}” where the tracking number belongs").format(" ".join(text.split())), reason="tracking"
        ) from error


def doubt_about(carrier: Carrier, number: str) -> str:
    """What a person is told where the number does not look like the named carrier's, or ""; the carrier named wins."""
    if fits(carrier, number):
        return ""
    others = " / ".join(other.name for other in could_be(number))
    if not others:
        return _("{number} does not look like a number of {carrier}").format(number=number, carrier=carrier.name)
    return _("{number} looks like {others}, the supplier says {carrier}").format(
        number=number, others=others, carrier=carrier.name
    )


def fits(carrier: Carrier, number: str) -> bool:
    """Whether the number looks like that carrier's. False is a doubt to show a person, never a refusal."""
    return carrier.numbers.fullmatch(number) is not None


def could_be(number: str) -> tuple[Carrier, ...]:
    """The carriers whose known numbers look like this one: words for the doubt ("looks like 圆通")."""
    return tuple(carrier for carrier in CARRIERS if carrier.numbers.pattern != ".*" and fits(carrier, number))
