"""What a run asks of this machine before it does anything: a whole ledger, and a backup of today."""

from __future__ import annotations

from agent.errors import LedgerUnusable, MachineFailed
from agent.ledger import backups
from agent.words import _
from agent.work.run import Run

CAUSE = "unwritten:backup"


def back_up_daily(run: Run) -> None:
    """Back the ledger up at the first run of a day in Shanghai, and drop what is older than the newest ones.

    Where that cannot be written, the run goes on with an earlier backup only, and a person is asked; without any nothing is
    begun: what is bought today would stand in one file alone.
    """
    folder = backups.folder_of(run.ledger.path)
    if backups.of_day(folder, run.now()):
        return
    try:
        run.ledger.back_up(backups.name_at(run.now()))
        run.ledger.close_item(CAUSE, run.now())
        backups.drop_old(folder)
    except LedgerUnusable:
        raise
    except MachineFailed as error:
        if not (earlier := backups.newest_good(folder)):
            raise
        what, where, todo = error.lines()
        run.tell(what, detail=where)
        run.progress(what)
        run.ledger.ask(
            "unwritten",
            CAUSE,
            what=_("{what}; the newest is {file}").format(what=what, file=earlier.name),
            todo=todo,
            at=run.now(),
        )
