"""What a page shows, turned into values by the type of the contract's word; and how words are compared as a person reads them.

Never guesses: what is not plainly a value of its type is `NotUnderstood`, with the reason. Knows no page and no browser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from agent.models import SHANGHAI, Cell, Fen, Percent, Unreadable
from agent.sites.contract import WORDS, WordType
from agent.words import _

Value = str | int | datetime | date
Table = Mapping[str, tuple[str, ...]]  # our word → their words

SOLD_OUT = ("缺货", "无货", "售罄", "已售罄", "已售完", "暂无库存", "库存不足")
FREE = ("包邮", "免运费", "免邮", "免费", "卖家包邮")  # of freight alone: no price of goods is ever read out of a word
_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_MONEY = re.compile(r"(?:¥|RMB|CNY|人民币)?((?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d+)?)(?:元|RMB|CNY)?", re.IGNORECASE | re.ASCII)
_APART = re.compile(r"[0-9]\s+(?![0-9]{3}(?![0-9]))[0-9]")  # 12 34: 12.34 as much as 1234; but 1 234 is one number
_NAMES_YUAN = re.compile("¥|元|RMB|CNY|人民币", re.IGNORECASE)
_DAY = r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?"
_TIME = re.compile(_DAY + r"[T ]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_OTHER_CURRENCY = re.compile(r"US|HK|NT|AU|\$|€|£|₩|₽|EUR|USD|HKD|GBP|JPY|JP|円", re.IGNORECASE)


class NotUnderstood(ValueError):
    """What stands there is no value of the word's type; the text says why, in the reader's language."""


def squeeze(text: str) -> str:
    """As a person reads it: NFKC, no blanks (nor those without width), letter case ignored."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same to a person: `确 定` and `确定`, `Ａ` and `a`."""
    return squeeze(one) == squeeze(other)


def parse(kind: WordType, shown: str, *, table: Table | None = None) -> Value:
    """The value a text stands for: money in 分, times aware, states in our words. Raises NotUnderstood."""
    match kind:
        case "text":
            return shown.strip()
        case "name" | "phone" | "region" | "address":
            return _not_empty(shown)
        case "number_text":
            return _number_text(shown)
        case "quantity":
            return _whole(shown, least=1)
        case "count":
            return _whole(shown, least=0)
        case "stock":
            return _stock(shown)
        case "money":
            return money_of(shown)
        case "change":
            return change_of(shown)
        case "time":
            return time_of(shown)
        case "day":
            return day_of(shown)
        case "picture":
            raise TypeError("a picture is not read as words")
        case "state":
            return _state(shown, table or {})
        case "kind":
            return _ours(shown, table or {}) or _nfkc(shown)


def cell(word: str, shown: str | None, *, table: Table | None = None) -> Cell:
    """The value of a contract word, `Unreadable` where it is none, None where nothing was found on the page."""
    if shown is None:
        return None
    if word == "freight" and squeeze(shown) in FREE:
        return 0
    try:
        return parse(WORDS[word], shown, table=table)
    except NotUnderstood as why:
        return Unreadable(shown, str(why))


def how_to_mend(word: str) -> str:
    """What to do about a cell that is no value of its contract word. A table of the site file turns words into states, never amounts."""
    if WORDS[word] in ("state", "kind"):
        return _("Add the site's word to `words:` of the site file if it is a new one, or mend that place.")
    return _("Mend that place of the site file so that it shows the value alone (`part:`); `words:` is for states only.")


def _nfkc(shown: str) -> str:
    return unicodedata.normalize("NFKC", shown).strip()


def _not_empty(shown: str) -> str:
    if not shown.strip():
        raise NotUnderstood(_("nothing stands there"))
    return shown.strip()


def _number_text(shown: str) -> str:
    text = _nfkc(shown)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise NotUnderstood(_("`{}` is no number of letters, digits, - and _").format(shown.strip()))
    return text


def _whole(shown: str, *, least: int) -> int:
    text = _nfkc(shown)
    if not re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}", text):
        raise NotUnderstood(_("`{}` is no whole number").format(shown.strip()))
    number = int(text.replace(",", ""))
    if number < least:
        raise NotUnderstood(_("`{shown}` is less than {least}").format(shown=shown.strip(), least=least))
    return number


def _stock(shown: str) -> int:
    if squeeze(shown) in SOLD_OUT:
        return 0
    if re.search("[¥元]", _nfkc(shown)):
        raise NotUnderstood(_("`{}` is an amount of money").format(shown.strip()))
    numbers = re.findall(r"[0-9][0-9,.]*", _nfkc(shown))
    if len(numbers) != 1 or re.search("[万千百]", shown):
        raise NotUnderstood(_("`{}` is no whole number").format(shown.strip()))
    return _whole(numbers[0], least=0)


def money_of(shown: str) -> Fen:
    """`¥1,234.50`, `12.3` or `１２元` in 分. Raises NotUnderstood for other currencies, minus and a third decimal."""
    text = "".join(_nfkc(shown).split())
    if _OTHER_CURRENCY.search(text):
        raise NotUnderstood(_("`{}` is not in yuan").format(shown.strip()))
    if text.startswith(("-", "−", "(")) or "¥-" in text:
        raise NotUnderstood(_("`{}` is below zero").format(shown.strip()))
    if _APART.search(_nfkc(shown)):
        raise NotUnderstood(_("`{}` is no amount of money").format(shown.strip()))
    half = text[: len(text) // 2]
    match = _MONEY.fullmatch(
        half if half + half == text and _NAMES_YUAN.search(half) else text
    )  # drawn twice, once to be read aloud
    if not match:
        raise NotUnderstood(_("`{}` is no amount of money").format(shown.strip()))
    if len(match[1].partition(".")[2]) > 2:
        raise NotUnderstood(_("`{}` has more than two decimals").format(shown.strip()))
    return Fen(int(Decimal(match[1].replace(",", "")) * 100))


def change_of(shown: str) -> int:
    """`-12.30`, `+1,000.00`, `¥-5` or `−5元` in 分. Raises NotUnderstood as `money_of` does, but for a minus."""
    text = "".join(_nfkc(shown).split()).replace("−", "-").replace("－", "-")
    sign = re.match(r"[+-]|(?:¥|RMB|CNY|人民币)(?=[+-])", text, re.IGNORECASE)
    if sign is None:
        return money_of(text)
    below = "-" in text[: sign.end() + 1]
    amount = money_of(text.replace("-" if below else "+", "", 1))
    return -amount if below else amount


def percent_of(shown: str) -> Percent:
    """`0.6%` or `５％`, from 0 to 100 with four decimals at most. Raises NotUnderstood, also for a bare number."""
    text = "".join(_nfkc(shown).split())
    if text.startswith(("-", "−")):
        raise NotUnderstood(_("`{}` is below zero").format(shown.strip()))
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]+)?)(%?)", text)
    if not match:
        raise NotUnderstood(_("`{}` is no percentage").format(shown.strip()))
    if not match[2]:
        raise NotUnderstood(_("`{shown}` is no percentage; write {shown}% if that is meant").format(shown=shown.strip()))
    if len(match[1].partition(".")[2]) > 4:
        raise NotUnderstood(_("`{}` has more than four decimals").format(shown.strip()))
    percent = Percent(int(Decimal(match[1]) * 10_000))
    if percent.millionths > 1_000_000:
        raise NotUnderstood(_("`{}` is more than 100%").format(shown.strip()))
    return percent


def day_of(shown: str) -> date:
    """`2026-11-22`, `2026/11/22`, `2026年11月22日`; what stands behind it, a time, is left out. Raises NotUnderstood."""
    match = re.match(_DAY + r"(?!\d)", _nfkc(shown).strip(), re.ASCII)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise NotUnderstood(_("`{}` is no date").format(shown.strip()))


def time_of(shown: str) -> datetime:
    """`2026-11-22 18:00`, `2026/11/22 18:00:05`, `2026年11月22日 18:00`; Shanghai time where no zone is written."""
    match = _TIME.fullmatch(" ".join(_nfkc(shown).split()))
    if not match:
        raise NotUnderstood(_("`{}` is no date with a time of day").format(shown.strip()))
    *numbers, zone = match.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    plain = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    try:
        if zone:
            return datetime.fromisoformat(plain + zone).astimezone(SHANGHAI)
        return datetime.fromisoformat(plain).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise NotUnderstood(_("`{}` is a time that does not exist").format(shown.strip())) from error


def _ours(shown: str, table: Table) -> str | None:
    return next((ours for ours, theirs in table.items() if any(same_words(shown, word) for word in theirs)), None)


def _state(shown: str, table: Table) -> str:
    if ours := _ours(shown, table):
        return ours
    known = ", ".join(word for theirs in table.values() for word in theirs)
    raise NotUnderstood(_("`{shown}` is none of the words known: {known}").format(shown=shown.strip(), known=known))
