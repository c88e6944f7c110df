"""What sellers did, and how far a lead came, in words."""

from collections.abc import Callable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leads.models import Stage
from leads.telling.words import Said, joined, quoted, text


def attempt(word: Any) -> Callable[[Said], str]:
    """`Call: no answer`."""

    def title(said: Said) -> str:
        outcome = text(said, "outcome").replace("_", " ")
        return f"{word}: {outcome}" if outcome else str(word)

    return title


def note(said: Said) -> str:
    step = text(said, "next_step")
    if said.get("deleted_at"):
        return _("Deleted by who wrote it")
    return joined(
        text(said, "note") or text(said, "text"),
        _("Next: %(step)s") % {"step": step} if step else "",
        _("corrected") if said.get("earlier") else "",
    )


def assigned(said: Said) -> str:
    return quoted(said, "owner", _("Was given to %(value)s"), _("Was taken from its owner"))


def stage(said: Said) -> str:
    to = _stage_name(text(said, "to") or text(said, "stage"))
    since = text(said, "from")
    if not to:
        return _("Moved to another stage")
    if not since:
        return _("Became %(to)s") % {"to": to}
    return _("Moved from %(from)s to %(to)s") % {"from": _stage_name(since), "to": to}


def _stage_name(value: str) -> str:
    return str(Stage(value).label) if value in Stage.values else value


def reason(said: Said) -> str:
    return joined(text(said, "reason"), text(said, "definition"))


def disposition(said: Said) -> str:
    kinds = {
        "accepted": _("Accepted by sales"),
        "rejected": _("Rejected by sales"),
        "recycled": _("Sent back by sales: not now"),
    }
    return kinds.get(text(said, "kind_of"), _("Sales decided"))


def said_why(said: Said) -> str:
    return joined(text(said, "reason"), text(said, "words"))


def snoozed(said: Said) -> str:
    until = parse_datetime(text(said, "until"))
    if until is None:
        return _("Woken up in the queue")
    return _("Snoozed until %(moment)s") % {"moment": formatting.moment(until)}


def qualification(said: Said) -> str:
    outcomes = {
        "positive": _("Qualified"),
        "not_now": _("Not ready now"),
        "negative": _("Will never buy"),
    }
    return outcomes.get(text(said, "outcome"), _("Qualification"))


def bant(said: Said) -> str:
    names = {
        "budget": _("budget"),
        "authority": _("authority"),
        "need": _("need"),
        "timing": _("timing"),
        "delivery": _("delivery"),
        "approval": _("approval outstanding"),
        "right_time": _("right time"),
    }
    answers = [f"{label} {text(said, name)}" for name, label in names.items() if text(said, name)]
    spoken = quoted(said, "spoken_to", _("Spoken to %(value)s"), "")
    return joined(spoken, ", ".join(answers))


def deal(word: Any) -> Callable[[Said], str]:
    def title(said: Said) -> str:
        name = text(said, "deal")
        return f"{word}: {name}" if name else str(word)

    return title


def sum_of(said: Said) -> str:
    amount = said.get("amount")
    shown = formatting.money(amount, said["currency"]) if isinstance(amount, int) else ""
    return joined(shown, text(said, "reason"))


def cycle_closed(said: Said) -> str:
    return quoted(said, "number", _("Cycle %(value)s was closed"), _("A cycle was closed"))


def cycle_reopened(said: Said) -> str:
    return quoted(
        said, "number", _("Cycle %(value)s was taken up again"), _("A cycle was taken up again")
    )


def breach(said: Said) -> str:
    if text(said, "promise") == "first_response":
        return _("Nobody answered in time")
    return _("A deadline was missed")
