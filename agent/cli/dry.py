"""Behind `agent site new`: the new site is gone through once before the person, dry, and what its pages show is printed."""

from __future__ import annotations

from functools import partial

from agent.browser.watching import Rewording
from agent.cli.reword import reworded
from agent.cli.step import TerminalWatcher
from agent.cli.tell import say, say_error, table
from agent.clock import SystemClock
from agent.home import Home
from agent.sites.definition import Site
from agent.terms import FLOWS, VALUES, plain
from agent.words import _
from agent.work.dry import Played, go_through
from agent.work.example import PARCEL, RECEIVER, REFERENCE
from agent.work.regions import whole_address
from agent.work.teaching import Sitting


def show_dry(sitting: Sitting, site: Site) -> bool:
    """Go through it, if the person wants it; whether all of it came as it should."""
    say("")
    say(_("Now it is gone through once before your eyes, dry: nothing is committed."))
    _say_examples(sitting)
    hint = _("Enter step by step · g without waiting at each step · s leaves this out · q stops")
    told = sitting.person.line(_("Go through it now?"), hint, sitting.lesson.heard)
    if told == "s":
        say(_("Not gone through."))
        return False
    watch = TerminalWatcher(stepping=True, write=partial(_kept, sitting.home), free=told == "g", dry=True)
    sitting.lesson.watched_by(watch)
    made = go_through(sitting, site, _said, say_error)
    for flow in made.left:
        say(_("Not gone through, as the list holds no order yet: {}").format(plain(FLOWS, flow)))
    if made.is_whole:
        say(_("Dry run: all of it came as it should. Nothing was committed."))
    else:
        say(_("Dry run: not all of it came as it should (see above). Nothing was committed."))
    return made.is_whole


def _say_examples(sitting: Sitting) -> None:
    if sitting.draft.kind == "shop":
        what = _("the remark and the parcel {carrier} {number}").format(carrier=PARCEL.carrier, number=PARCEL.tracking_number)
        say(_("EXAMPLE, not anybody's order and never sent: {}").format(what))
        say(_("A receiver is not revealed here: the shop counts that."))
        return
    what = f"{RECEIVER.name} · {RECEIVER.phone} · {whole_address(RECEIVER)} · {REFERENCE}"
    say(_("EXAMPLE, not anybody's order and never sent: {}").format(what))
    say(_("What the site itself keeps of a form, such as a cart or an address book, stays there: look into it afterwards."))


def _kept(home: Home, change: Rewording) -> Site:
    return reworded(home, change, SystemClock().now())


def _said(played: Played) -> None:
    title = plain(FLOWS, played.flow)
    table((_("what"), _("EXAMPLE"), _("shown")), played.rows, title=_("{} (dry)").format(title))
    for one in played.amiss:
        told = _("Not as in the example: {what}; meant {meant}, shown {shown}")
        say("✗ " + told.format(what=plain(VALUES, one.word), meant=one.meant, shown=one.shown))
