"""The journal's nouns, a write and an attempt, and how they stand in their rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from agent.ledger.file import known_time_of, time_of
from agent.models import CommitEnd, RequestNote, WriteState


@dataclass(frozen=True, slots=True)
class StoredWrite:
    """A write to the outside world; (`kind`, `key`) is what it is, once."""

    id: int
    kind: str
    key: str
    shop: str
    order_number: str
    reference: str
    account: str
    state: WriteState


@dataclass(frozen=True, slots=True)
class Attempt:
    """One click, or its preparation. `requests_known` is False when the process that clicked died before it could tell.

    `end` is what the page that wrote said, "" while not known. `first_zero_at`: when it was first counted zero times.
    """

    id: int
    account: str
    flow: str
    flow_hash: str
    page_address: str
    state: WriteState
    started_at: datetime
    committed_at: datetime | None
    settled_at: datetime | None
    baseline: tuple[str, ...]
    meant: Mapping[str, Any]
    requests: tuple[RequestNote, ...]
    requests_known: bool
    end: CommitEnd | Literal[""]
    first_zero_at: datetime | None
    words: str
    pictures: tuple[Path, ...]
    writes: tuple[StoredWrite, ...]

    @property
    def told_requests(self) -> tuple[RequestNote, ...] | None:
        """Which requests left, None where nobody could tell: not to be taken for none."""
        return self.requests if self.requests_known else None

    @property
    def kind(self) -> str:
        return self.writes[0].kind

    @property
    def reference(self) -> str:
        return self.writes[0].reference

    @property
    def shop(self) -> str:
        return self.writes[0].shop

    @property
    def order_number(self) -> str:
        return self.writes[0].order_number


WRITE = """
    SELECT w.id, w.kind, w.key, w.shop, w.order_number, coalesce(w.reference, '') AS reference, w.account, w.state FROM writes w
"""


def attempt_of(row: Mapping[str, Any], writes: tuple[StoredWrite, ...]) -> Attempt:
    return Attempt(
        id=row["id"],
        account=row["account"],
        flow=row["flow"],
        flow_hash=row["flow_hash"],
        page_address=row["page_address"],
        state=row["state"],
        started_at=known_time_of(row["started_at"]),
        committed_at=time_of(row["committed_at"]),
        settled_at=time_of(row["settled_at"]),
        baseline=tuple(json.loads(row["baseline"])),
        meant=json.loads(row["meant"]),
        requests=tuple(RequestNote(**note) for note in json.loads(row["requests"] or "[]")),
        requests_known=row["requests"] is not None,
        end=row["click_end"],
        first_zero_at=time_of(row["first_zero_at"]),
        words=row["words"],
        pictures=tuple(Path(p) for p in json.loads(row["pictures"])),
        writes=writes,
    )


def without_query(address: str) -> str:
    """An address without what stands after ? or #, where pages carry names and tokens."""
    scheme, host, path, _query, _fragment = urlsplit(address)
    return urlunsplit((scheme, host, path, "", ""))


def noted(requests: tuple[RequestNote, ...] | None) -> str | None:
    return None if requests is None else as_json([asdict(note) for note in requests])


def pictured(known: Attempt, pictures: Sequence[Path]) -> str:
    return as_json([str(p) for p in dict.fromkeys((*known.pictures, *pictures))])


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
