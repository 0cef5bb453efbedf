"""What the locators of an account's site file hit when its pages were last looked at, and the flows that a live check found whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.ledger.file import LedgerFile, known_time_of, text_of
from agent.models import Sight

Moment = Literal["walked", "opened"]  # at any time of a walk over the pages, or just after the page was opened


@dataclass(frozen=True, slots=True)
class StoredSight:
    """`always_once`: so at every look of this kind since the locator was first looked for."""

    sight: Sight
    always_once: bool
    seen_at: datetime


class Sights(LedgerFile):
    def sights(self, account: str, moment: Moment) -> list[StoredSight]:
        """The last look at each locator; in the order of the file they were read from."""
        rows = self._rows("SELECT * FROM sights WHERE account = ? AND moment = ? ORDER BY line, rowid", account, moment)
        return [_stored(row) for row in rows]

    def keep_sights(self, account: str, moment: Moment, sights: Iterable[Sight], at: datetime) -> None:
        """Put a look down. A locator without a row to look in says nothing, and leaves what is known of it."""
        with self.atomic():
            for sight in sights:
                if sight.state == "no_row":
                    continue
                once = sight.state == "once"
                self._do(
                    """
                    INSERT INTO sights VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET line = excluded.line, counts = excluded.counts, many = excluded.many,
                        always_once = min(always_once, excluded.always_once), seen_at = excluded.seen_at
                    """,
                    *(account, moment, sight.page, sight.place, sight.locator, sight.line, json.dumps(sight.counts)),
                    *(int(sight.many), int(once), text_of(at)),
                )

    def forget_sights(self, account: str, page: str) -> None:
        """Looks at this page begin anew."""
        self._do("DELETE FROM sights WHERE account = ? AND moment = 'opened' AND page = ?", account, page)

    def flow_checked(self, account: str, flow: str, flow_hash: str, at: datetime) -> None:
        """A live check found everything that this flow, as it stands in the file, goes through."""
        self._do(
            "INSERT INTO checked_flows VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at",
            *(account, flow, flow_hash, text_of(at)),
        )

    def was_checked(self, account: str, flow: str, flow_hash: str) -> bool:
        """Whether a live check ever found this very flow whole at this account."""
        found = "SELECT 1 FROM checked_flows WHERE account = ? AND flow = ? AND flow_hash = ?"
        return self._row(found, account, flow, flow_hash) is not None


def _stored(row: dict[str, object]) -> StoredSight:
    counts = tuple(json.loads(str(row["counts"])))
    sight = Sight(
        str(row["page"]), str(row["place"]), str(row["locator"]), int(str(row["line"])), counts, many=bool(row["many"])
    )
    return StoredSight(sight, bool(row["always_once"]), known_time_of(str(row["seen_at"])))
