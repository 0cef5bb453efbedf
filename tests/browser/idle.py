"""One verb, or one way to find a thing, made to do nothing: test_idle.py shows that other tests notice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from agent.browser import find, session, steps
from agent.models import CommitOutcome

NAME = "IDLE"  # the environment says which: `verb:fill`, `way:label`


@contextmanager
def idle() -> Iterator[None]:
    """What the environment names does nothing in here; "" names nothing."""
    kind, _colon, name = os.environ.get(NAME, "").partition(":")
    if kind == "way":
        script = find._script().replace("const seek =", f"WAYS[{name!r}] = () => [];\nconst seek =", 1)
        doing = patch.object(find, "_script", lambda: script)
    elif name == "commit":
        doing = patch.object(session, "commit", lambda *_told: CommitOutcome("unclear", "", (), (), None))
    elif kind == "verb":
        (step,) = [one for one in steps.VERBS if one.__name__.lower() == name.replace("_", "")]
        doing = patch.dict(steps.VERBS, {step: lambda *_told: None})
    else:
        doing = patch.dict({})
    with doing:
        yield
