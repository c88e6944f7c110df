"""Which questions are asked, by which rule, and for which reasons leads are sent back."""

from collections.abc import Sequence
from datetime import timedelta

from funnel.models import Playbook, PlaybookDraft, Qualification
from funnel.playbook import Question, Reason, read_questions, read_reasons, usual_questions


def playbook_in_force() -> Playbook:
    """The highest version; the usual one, which is not in the database, until there is one."""
    found: Playbook | None = Playbook.objects.order_by("-version").first()
    if found is None:
        found = Playbook()
        found.published_at = None  # type: ignore[assignment]  # nobody has published it
    return found


def versions() -> Sequence[Playbook]:
    """Every version, the newest first."""
    return list(Playbook.objects.select_related("by").order_by("-version"))


def questions_of(playbook: Playbook) -> list[Question]:
    """Those that are asked, in their order."""
    return [each for each in read_questions(playbook.questions) if not each.is_retired]


def reasons_of(playbook: Playbook, kind: str) -> list[Reason]:
    """Why an MQL may be accepted, rejected or recycled."""
    return read_reasons(playbook.reasons.get(kind, ()))


def questions_asked(told: Qualification | None, playbook: Playbook) -> list[Question]:
    """What this qualification asks: once it is concluded, what it was asked by then."""
    if told is None or not told.outcome:
        return questions_of(playbook)
    if told.playbook is None:
        return read_questions(usual_questions())
    return [
        each
        for each in read_questions(told.playbook.questions)
        if not each.is_retired or each.key in told.answers
    ]


def cool_off() -> timedelta:
    """How long no rule makes an MQL of whom sales sent back."""
    return timedelta(days=playbook_in_force().cool_off_days)


def draft_now() -> PlaybookDraft | None:
    """What is to be the next version, if somebody is writing it."""
    found: PlaybookDraft | None = PlaybookDraft.objects.select_related("by").first()
    return found


def as_shown(draft: PlaybookDraft | None, last: Playbook) -> Playbook:
    """What the form begins with: the draft, or what is in force; its version is the one in force.

    A question that is new in the draft has a key already, which nothing was answered to.
    """
    if draft is None:
        return last
    names = ("questions", "reasons", "least_in_favour", "needs_authorised", "cool_off_days")
    told = {name: getattr(draft, name) for name in (*names, "reason")}
    return Playbook(version=last.version, **told)
