"""Each kind of fact: its icon, its sentence and its detail."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from leads.kinds import Kind
from leads.telling.others import (
    agreed,
    disagreed,
    enrolled,
    everything,
    file_added,
    file_size,
    humble,
    letter,
    merged,
    task,
    task_given,
    training_sent,
    where_said,
)
from leads.telling.selling import (
    assigned,
    attempt,
    bant,
    breach,
    cycle_closed,
    cycle_reopened,
    deal,
    disposition,
    note,
    qualification,
    reason,
    said_why,
    snoozed,
    stage,
    sum_of,
)
from leads.telling.website import came, form, page, visit
from leads.telling.words import Said, value, words


@dataclass(frozen=True)
class Telling:
    """How facts of one kind are told; `title` and `detail` make words of the properties."""

    icon: str
    title: Callable[[Said], str]
    detail: Callable[[Said], str] = lambda said: ""
    tone: str = "neutral"


N_ = gettext_lazy
UNKNOWN = Telling("circle-dot", humble, everything)
TELLINGS: dict[str, Telling] = {
    Kind.VISIT: Telling("globe", visit, value("title")),
    Kind.PAGE_VIEW: Telling("file-text", page, value("title")),
    Kind.FORM_SUBMITTED: Telling("file-input", form, value("message"), "green"),
    Kind.LEAD_CREATED: Telling("user-plus", came, tone="green"),
    Kind.IMPORTED: Telling("upload", words(N_("Came with an import")), value("file")),
    Kind.ASSIGNED: Telling("user-check", assigned, value("word")),
    Kind.NOTE: Telling("sticky-note", words(N_("Note")), note, "amber"),
    Kind.CALL: Telling("phone", attempt(N_("Call")), note, "accent"),
    Kind.EMAIL: Telling("mail", attempt(N_("Email")), note, "accent"),
    Kind.VOICE_MESSAGE: Telling("voicemail", attempt(N_("Voice message")), note, "accent"),
    Kind.MEETING: Telling("users", attempt(N_("Meeting")), note, "accent"),
    Kind.STAGE_ENTERED: Telling("trending-up", stage, reason, "violet"),
    Kind.DISPOSITION: Telling("message-square-reply", disposition, said_why, "violet"),
    Kind.SNOOZED: Telling("alarm-clock", snoozed, value("reason")),
    Kind.QUALIFICATION: Telling("clipboard-check", qualification, bant, "violet"),
    Kind.DEAL_OPENED: Telling("handshake", deal(N_("Deal opened")), sum_of, "violet"),
    Kind.DEAL_WON: Telling("trophy", deal(N_("Deal won")), sum_of, "green"),
    Kind.DEAL_LOST: Telling("circle-x", deal(N_("Deal lost")), sum_of, "red"),
    Kind.MESSAGE_SENT: Telling("send", letter(N_("Was sent the email"))),
    Kind.MESSAGE_OPENED: Telling("mail-open", letter(N_("Opened the email"))),
    Kind.MESSAGE_CLICKED: Telling(
        "mouse-pointer-click", letter(N_("Clicked in the email")), value("url"), "green"
    ),
    Kind.MESSAGE_BOUNCED: Telling(
        "mail-x", letter(N_("Could not be reached by the email")), value("problem"), "red"
    ),
    Kind.UNSUBSCRIBED: Telling("bell-off", letter(N_("Unsubscribed by the email")), tone="amber"),
    Kind.TRAINING_SENT: Telling("graduation-cap", training_sent, value("to")),
    Kind.ENROLLED: Telling("workflow", enrolled),
    Kind.MERGED: Telling("merge", merged),
    Kind.CYCLE_CLOSED: Telling("archive", cycle_closed, reason, "violet"),
    Kind.CYCLE_REOPENED: Telling("archive-restore", cycle_reopened, reason, "violet"),
    Kind.BREACHED: Telling("timer-off", breach, tone="red"),
    Kind.CONSENT_GIVEN: Telling("shield-check", agreed, where_said, "green"),
    Kind.CONSENT_WITHDRAWN: Telling("shield-off", disagreed, where_said, "red"),
    Kind.FILE_ADDED: Telling("paperclip", file_added, file_size),
    Kind.TASK_ADDED: Telling("circle-plus", task(N_("To do"), N_("Promised")), task_given),
    Kind.TASK_DONE: Telling("circle-check", task(N_("Done"), N_("Promise kept")), tone="green"),
    Kind.TASK_DROPPED: Telling("circle-slash", task(N_("Dropped"), N_("Promise dropped"))),
    Kind.TASK_REOPENED: Telling("rotate-ccw", task(N_("Taken up again"), N_("Taken up again"))),
}
