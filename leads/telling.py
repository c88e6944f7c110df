"""How a fact reads on the timeline: an icon, a sentence, a detail, in plain English."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leadmgmt.ui import formatting
from leads.kinds import Kind
from leads.models import Activity, Stage
from leads.queries.privacy import source_in_words

Said = Mapping[str, Any]
LONGEST_TITLE = 120
LONGEST_DETAIL = 600
LONGEST_NOTE = 5_000


@dataclass(frozen=True)
class Told:
    """One fact as the timeline shows it."""

    title: str
    detail: str
    icon: str
    tone: str


@dataclass(frozen=True)
class Telling:
    """How facts of one kind are told; `title` and `detail` make words of the properties."""

    icon: str
    title: Callable[[Said], str]
    detail: Callable[[Said], str] = lambda said: ""
    tone: str = "neutral"


FAMILIES: dict[str, tuple[Any, tuple[Kind, ...]]] = {
    "web": (gettext_lazy("Website"), (Kind.VISIT, Kind.PAGE_VIEW, Kind.FORM_SUBMITTED)),
    "contact": (
        gettext_lazy("Contact"),
        (
            Kind.CALL,
            Kind.EMAIL,
            Kind.VOICE_MESSAGE,
            Kind.MEETING,
            Kind.NOTE,
            Kind.CONSENT_GIVEN,
            Kind.CONSENT_WITHDRAWN,
        ),
    ),
    "mail": (
        gettext_lazy("Sequences"),
        (
            Kind.MESSAGE_SENT,
            Kind.MESSAGE_OPENED,
            Kind.MESSAGE_CLICKED,
            Kind.MESSAGE_BOUNCED,
            Kind.UNSUBSCRIBED,
            Kind.ENROLLED,
        ),
    ),
    "task": (
        gettext_lazy("Tasks and files"),
        (
            Kind.TASK_ADDED,
            Kind.TASK_DONE,
            Kind.TASK_DROPPED,
            Kind.TASK_REOPENED,
            Kind.FILE_ADDED,
        ),
    ),
    "stage": (
        gettext_lazy("Progress"),
        (
            Kind.LEAD_CREATED,
            Kind.IMPORTED,
            Kind.STAGE_ENTERED,
            Kind.QUALIFICATION,
            Kind.DISPOSITION,
            Kind.SNOOZED,
            Kind.ASSIGNED,
            Kind.DEAL_OPENED,
            Kind.DEAL_WON,
            Kind.DEAL_LOST,
            Kind.BREACHED,
            Kind.MERGED,
            Kind.CYCLE_CLOSED,
            Kind.CYCLE_REOPENED,
        ),
    ),
}
"""What the filter above the timeline offers."""


def tell(activity: Activity, currency: str, *, began_at: datetime | None = None) -> Told:
    """The fact in words; a kind we do not know says its name and what came with it.

    `began_at`: when the present cycle of its lead began, unless that is the first.
    """
    said = {**activity.properties, "currency": currency, "kind": activity.kind}
    telling = TELLINGS.get(activity.kind, UNKNOWN)
    detail = telling.detail(said)
    origin = _origin(activity) if activity.kind in (Kind.VISIT, Kind.FORM_SUBMITTED) else ""
    machine = _("Probably a machine: it counts for nothing.") if activity.is_machine else ""
    late = _late(activity, began_at)
    return Told(
        title=Truncator(telling.title(said)).chars(LONGEST_TITLE),
        detail=Truncator(_joined(detail, origin, machine, late)).chars(_longest(activity)),
        icon=telling.icon,
        tone=telling.tone,
    )


def _late(activity: Activity, began_at: datetime | None) -> str:
    """It came before the present cycle, and we heard of it too late for the one it belongs to."""
    if began_at is None or not activity.occurred_at < began_at <= activity.received_at:
        return ""
    return _("Heard of after its cycle was closed: it belongs to that one, and changes no score.")


def tell_views(views: Sequence[Activity]) -> Told:
    """Several page views in a row, as one line with the pages below."""
    pages = Counter(_text(view.properties, "path", "?") for view in reversed(views))
    shown = [f"{path} ({times})" if times > 1 else path for path, times in pages.items()]
    title = ngettext("Viewed %(count)d page", "Viewed %(count)d pages", len(views))
    return Told(
        title=title % {"count": len(views)},
        detail=Truncator(", ".join(shown)).chars(LONGEST_DETAIL),
        icon=TELLINGS[Kind.PAGE_VIEW].icon,
        tone=TELLINGS[Kind.PAGE_VIEW].tone,
    )


def _longest(activity: Activity) -> int:
    """A note is read whole; what machines send is not."""
    return LONGEST_NOTE if activity.kind == Kind.NOTE else LONGEST_DETAIL


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _text(said: Said, name: str, default: str = "") -> str:
    value = said.get(name)
    return default if value in (None, "") else str(value)


def _quoted(said: Said, name: str, known: str, unknown: str) -> str:
    """`known` with the value in it, or `unknown` when there is none."""
    value = _text(said, name)
    return known % {"value": value} if value else unknown


def _attempt(word: Any) -> Callable[[Said], str]:
    """`Call: no answer`."""

    def title(said: Said) -> str:
        outcome = _text(said, "outcome").replace("_", " ")
        return f"{word}: {outcome}" if outcome else str(word)

    return title


def _note(said: Said) -> str:
    step = _text(said, "next_step")
    if said.get("deleted_at"):
        return _("Deleted by who wrote it")
    return _joined(
        _text(said, "note") or _text(said, "text"),
        _("Next: %(step)s") % {"step": step} if step else "",
        _("corrected") if said.get("earlier") else "",
    )


def _page(said: Said) -> str:
    return _quoted(said, "path", _("Viewed %(value)s"), _("Viewed a page"))


def _visit(said: Said) -> str:
    return _quoted(said, "path", _("Came to the site at %(value)s"), _("Came to the site"))


def _form(said: Said) -> str:
    return _quoted(said, "form", _("Sent the form “%(value)s”"), _("Sent a form"))


def _came(said: Said) -> str:
    return _quoted(
        said, "form", _("Became a lead through the form “%(value)s”"), _("Became a lead")
    )


def _assigned(said: Said) -> str:
    return _quoted(said, "owner", _("Was given to %(value)s"), _("Was taken from its owner"))


def _stage(said: Said) -> str:
    to = _stage_name(_text(said, "to") or _text(said, "stage"))
    since = _text(said, "from")
    if not to:
        return _("Moved to another stage")
    if not since:
        return _("Became %(to)s") % {"to": to}
    return _("Moved from %(from)s to %(to)s") % {"from": _stage_name(since), "to": to}


def _stage_name(value: str) -> str:
    return str(Stage(value).label) if value in Stage.values else value


def _reason(said: Said) -> str:
    return _joined(_text(said, "reason"), _text(said, "definition"))


def _disposition(said: Said) -> str:
    kinds = {
        "accepted": _("Accepted by sales"),
        "rejected": _("Rejected by sales"),
        "recycled": _("Sent back by sales: not now"),
    }
    return kinds.get(_text(said, "kind_of"), _("Sales decided"))


def _said_why(said: Said) -> str:
    return _joined(_text(said, "reason"), _text(said, "words"))


def _snoozed(said: Said) -> str:
    until = parse_datetime(_text(said, "until"))
    if until is None:
        return _("Woken up in the queue")
    return _("Snoozed until %(moment)s") % {"moment": formatting.moment(until)}


def _qualification(said: Said) -> str:
    outcomes = {
        "positive": _("Qualified"),
        "not_now": _("Not ready now"),
        "negative": _("Will never buy"),
    }
    return outcomes.get(_text(said, "outcome"), _("Qualification"))


def _bant(said: Said) -> str:
    names = {
        "budget": _("budget"),
        "authority": _("authority"),
        "need": _("need"),
        "timing": _("timing"),
        "delivery": _("delivery"),
        "approval": _("approval outstanding"),
        "right_time": _("right time"),
    }
    answers = [f"{label} {_text(said, name)}" for name, label in names.items() if _text(said, name)]
    spoken = _quoted(said, "spoken_to", _("Spoken to %(value)s"), "")
    return _joined(spoken, ", ".join(answers))


def _deal(word: Any) -> Callable[[Said], str]:
    def title(said: Said) -> str:
        name = _text(said, "deal")
        return f"{word}: {name}" if name else str(word)

    return title


def _sum(said: Said) -> str:
    amount = said.get("amount")
    shown = formatting.money(amount, said["currency"]) if isinstance(amount, int) else ""
    return _joined(shown, _text(said, "reason"))


def _letter(word: Any) -> Callable[[Said], str]:
    def title(said: Said) -> str:
        subject = _text(said, "subject")
        return f"{word} “{subject}”" if subject else str(word)

    return title


def _enrolled(said: Said) -> str:
    return _quoted(said, "sequence", _("Entered the sequence “%(value)s”"), _("Entered a sequence"))


def _merged(said: Said) -> str:
    if said.get("is_undone"):
        return _quoted(said, "lead", _("Is not “%(value)s” after all"), _("A merge was undone"))
    return _quoted(said, "lead", _("Was merged with “%(value)s”"), _("Was merged"))


def _cycle_closed(said: Said) -> str:
    return _quoted(said, "number", _("Cycle %(value)s was closed"), _("A cycle was closed"))


def _cycle_reopened(said: Said) -> str:
    return _quoted(
        said, "number", _("Cycle %(value)s was taken up again"), _("A cycle was taken up again")
    )


def _breach(said: Said) -> str:
    if _text(said, "promise") == "first_response":
        return _("Nobody answered in time")
    return _("A deadline was missed")


def _task(word: Any, promise: Any) -> Callable[[Said], str]:
    """`Promised: call with the offer`."""

    def title(said: Said) -> str:
        start = promise if said.get("is_promise") else word
        return f"{start}: {_text(said, 'task', '?')}"

    return title


def _task_given(said: Said) -> str:
    due = parse_datetime(_text(said, "due_at"))
    until = _("due %(moment)s") % {"moment": formatting.moment(due)} if due else ""
    return _joined(_text(said, "assignee"), until, _text(said, "note"))


def _file(said: Said) -> str:
    return _quoted(said, "file", _("Added the file %(value)s"), _("Added a file"))


def _agreed(said: Said) -> str:
    return _quoted(said, "purpose", _("Gave consent to “%(value)s”"), _("Gave consent"))


def _disagreed(said: Said) -> str:
    return _quoted(said, "purpose", _("Withdrew consent to “%(value)s”"), _("Withdrew consent"))


def _where_said(said: Said) -> str:
    return source_in_words(_text(said, "source"))


def _file_size(said: Said) -> str:
    size = said.get("size")
    return str(filesizeformat(size)) if isinstance(size, int) else ""


def _humble(said: Said) -> str:
    words = _text(said, "kind").replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]


def _everything(said: Said) -> str:
    own = {name: value for name, value in said.items() if name not in ("kind", "currency")}
    plain = [
        f"{name}: {value}" for name, value in own.items() if not isinstance(value, dict | list)
    ]
    return ", ".join(plain)


def _origin(activity: Activity) -> str:
    where = " / ".join(part for part in (activity.source, activity.medium) if part)
    return _("from %(where)s") % {"where": where} if where else ""


def _words(text: Any) -> Callable[[Said], str]:
    return lambda said: str(text)


def _value(name: str) -> Callable[[Said], str]:
    return lambda said: _text(said, name)


N_ = gettext_lazy
UNKNOWN = Telling("circle-dot", _humble, _everything)
TELLINGS: dict[str, Telling] = {
    Kind.VISIT: Telling("globe", _visit, _value("title")),
    Kind.PAGE_VIEW: Telling("file-text", _page, _value("title")),
    Kind.FORM_SUBMITTED: Telling("file-input", _form, _value("message"), "green"),
    Kind.LEAD_CREATED: Telling("user-plus", _came, tone="green"),
    Kind.IMPORTED: Telling("upload", _words(N_("Came with an import")), _value("file")),
    Kind.ASSIGNED: Telling("user-check", _assigned, _value("word")),
    Kind.NOTE: Telling("sticky-note", _words(N_("Note")), _note, "amber"),
    Kind.CALL: Telling("phone", _attempt(N_("Call")), _note, "accent"),
    Kind.EMAIL: Telling("mail", _attempt(N_("Email")), _note, "accent"),
    Kind.VOICE_MESSAGE: Telling("voicemail", _attempt(N_("Voice message")), _note, "accent"),
    Kind.MEETING: Telling("users", _attempt(N_("Meeting")), _note, "accent"),
    Kind.STAGE_ENTERED: Telling("trending-up", _stage, _reason, "violet"),
    Kind.DISPOSITION: Telling("message-square-reply", _disposition, _said_why, "violet"),
    Kind.SNOOZED: Telling("alarm-clock", _snoozed, _value("reason")),
    Kind.QUALIFICATION: Telling("clipboard-check", _qualification, _bant, "violet"),
    Kind.DEAL_OPENED: Telling("handshake", _deal(N_("Deal opened")), _sum, "violet"),
    Kind.DEAL_WON: Telling("trophy", _deal(N_("Deal won")), _sum, "green"),
    Kind.DEAL_LOST: Telling("circle-x", _deal(N_("Deal lost")), _sum, "red"),
    Kind.MESSAGE_SENT: Telling("send", _letter(N_("Was sent the email"))),
    Kind.MESSAGE_OPENED: Telling("mail-open", _letter(N_("Opened the email"))),
    Kind.MESSAGE_CLICKED: Telling(
        "mouse-pointer-click", _letter(N_("Clicked in the email")), _value("url"), "green"
    ),
    Kind.MESSAGE_BOUNCED: Telling(
        "mail-x", _letter(N_("Could not be reached by the email")), _value("problem"), "red"
    ),
    Kind.UNSUBSCRIBED: Telling("bell-off", _letter(N_("Unsubscribed by the email")), tone="amber"),
    Kind.ENROLLED: Telling("workflow", _enrolled),
    Kind.MERGED: Telling("merge", _merged),
    Kind.CYCLE_CLOSED: Telling("archive", _cycle_closed, _reason, "violet"),
    Kind.CYCLE_REOPENED: Telling("archive-restore", _cycle_reopened, _reason, "violet"),
    Kind.BREACHED: Telling("timer-off", _breach, tone="red"),
    Kind.CONSENT_GIVEN: Telling("shield-check", _agreed, _where_said, "green"),
    Kind.CONSENT_WITHDRAWN: Telling("shield-off", _disagreed, _where_said, "red"),
    Kind.FILE_ADDED: Telling("paperclip", _file, _file_size),
    Kind.TASK_ADDED: Telling("circle-plus", _task(N_("To do"), N_("Promised")), _task_given),
    Kind.TASK_DONE: Telling("circle-check", _task(N_("Done"), N_("Promise kept")), tone="green"),
    Kind.TASK_DROPPED: Telling("circle-slash", _task(N_("Dropped"), N_("Promise dropped"))),
    Kind.TASK_REOPENED: Telling("rotate-ccw", _task(N_("Taken up again"), N_("Taken up again"))),
}
