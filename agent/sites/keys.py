"""The keys that `press` knows, as the browser calls them, and what people write instead."""

from __future__ import annotations

from collections.abc import Collection

from agent.sites.document import near, suggestion

MODIFIERS = ("Control", "Shift", "Alt", "Meta", "ControlOrMeta")
KEYS = (
    *("Enter", "Tab", "Escape", "Space", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"),
    *(f"F{number}" for number in range(1, 13)),
)
_ALSO_CALLED = {
    "回车": "Enter", "回车键": "Enter", "return": "Enter", "制表键": "Tab", "tab键": "Tab", "退出": "Escape", "esc": "Escape",
    "空格": "Space", "空格键": "Space", "退格": "Backspace", "退格键": "Backspace", "删除": "Delete", "删除键": "Delete",
    "del": "Delete", "上": "ArrowUp", "up": "ArrowUp", "下": "ArrowDown", "down": "ArrowDown", "左": "ArrowLeft",
    "left": "ArrowLeft", "右": "ArrowRight", "right": "ArrowRight", "ctrl": "Control", "cmd": "Meta", "win": "Meta",
}  # fmt: skip


def is_key(text: str) -> bool:
    """Whether it is one key, `Enter` or `a`, or one with others held down, `Control+A`."""
    held, last = _apart(text)
    return (last in KEYS or _is_sign(last)) and all(one in MODIFIERS for one in held)


def advice(text: str) -> str:
    """The key most likely meant, or all that there are."""
    held, last = _apart(text)
    meant = [*(_meant(one, MODIFIERS) for one in held), last if _is_sign(last) else _meant(last, KEYS)]
    return suggestion("+".join(meant), ["+".join(meant)]) if all(meant) else suggestion("", (*KEYS, *MODIFIERS))


def _apart(text: str) -> tuple[list[str], str]:
    """What is held down, and the key itself, which may be +."""
    before, _plus, last = text[:-1].rpartition("+")
    return (before.split("+") if before else []), last + text[-1:]


def _is_sign(text: str) -> bool:
    """A single sign of the keyboard."""
    return len(text) == 1 and "!" <= text <= "~"


def _meant(word: str, known: Collection[str]) -> str:
    also = _ALSO_CALLED.get(word.lower(), "")
    return also if also in known else near(word, list(known))
