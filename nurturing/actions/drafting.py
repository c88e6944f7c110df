"""Writing the next version of a sequence; what is published never changes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import VersionState
from nurturing.merging import check
from nurturing.models import Sequence, SequenceVersion, Step, StepKind, Trigger

MOST_STEPS = 50
TEMPLATES = ("subject", "preheader", "body")

COPY = """
INSERT INTO nurturing_step (
    workspace_id, version_id, key, position, kind, subject, preheader, body,
    wait_days, wait_hours)
SELECT workspace_id, %(draft)s, key, position, kind, subject, preheader, body,
    wait_days, wait_hours
FROM nurturing_step WHERE workspace_id = %(workspace)s AND version_id = %(source)s
"""

# Positions stay 0, 1, 2 … without gaps: an enrolment that finds no step has finished.
MOVE = """
UPDATE nurturing_step SET position = CASE
    WHEN id = %(step)s THEN %(there)s
    WHEN position BETWEEN %(here)s AND %(there)s THEN position - 1
    WHEN position BETWEEN %(there)s AND %(here)s THEN position + 1
    ELSE position END
WHERE workspace_id = %(workspace)s AND version_id = %(version)s
"""

CLOSE_GAP = """
UPDATE nurturing_step SET position = position - 1
WHERE workspace_id = %(workspace)s AND version_id = %(version)s AND position > %(here)s
"""


class CannotEditSequence(Conflict):
    """The version is published, or has been, and can only be followed by another."""


class CannotAddStep(Refusal):
    """The draft is full, or the step says nothing."""


def create_sequence(name: str, *, trigger: Trigger, **when: Any) -> Sequence:
    """A new sequence with an empty draft; `when` names the stage or form that starts it."""
    with transaction.atomic():
        sequence: Sequence = Sequence.objects.create(name=name, trigger=trigger, **when)
        SequenceVersion.objects.create(sequence=sequence, number=1)
    return sequence


def change_sequence(sequence: Sequence, *, name: str, trigger: Trigger, **when: Any) -> None:
    """Another name, or another start; who is on their way stays on it."""
    theirs = Sequence.objects.filter(pk=sequence.pk)
    theirs.update(name=name, trigger=trigger, **when)


def start_draft(sequence: Sequence) -> SequenceVersion:
    """The draft of the next version: the one there is, or a copy of the latest."""
    with transaction.atomic():
        Sequence.objects.select_for_update().get(pk=sequence.pk)
        latest: SequenceVersion = sequence.versions.order_by("-number")[0]
        if latest.state == VersionState.DRAFT:
            return latest
        draft: SequenceVersion = SequenceVersion.objects.create(
            sequence=sequence, number=latest.number + 1
        )
        execute(COPY, draft=draft.pk, source=latest.pk)
    return draft


def discard_draft(draft: SequenceVersion) -> None:
    """Throw the draft away; refuses the only version a sequence has."""
    with transaction.atomic():
        _lock(draft)
        if draft.number == 1:
            raise CannotEditSequence(_("This is the only version; a sequence cannot be without."))
        Step.objects.filter(version=draft).delete()
        SequenceVersion.objects.filter(pk=draft.pk).delete()


def add_step(draft: SequenceVersion, *, kind: StepKind, **content: Any) -> Step:
    """One more step at the end of the draft."""
    with transaction.atomic():
        _lock(draft)
        count = Step.objects.filter(version=draft).count()
        if count >= MOST_STEPS:
            raise CannotAddStep(
                _("A sequence has at most %d steps; remove one first.") % MOST_STEPS
            )
        step = Step(version=draft, position=count, kind=kind, **content)
        _refuse_empty(step)
        step.save(force_insert=True)
    return step


def change_step(step: Step, content: Mapping[str, Any]) -> None:
    """Write other content into a step of a draft; refuses merge fields nobody can fill in."""
    with transaction.atomic():
        _lock(step.version)
        for name, value in content.items():
            setattr(step, name, value)
        _refuse_empty(step)
        Step.objects.filter(pk=step.pk).update(**content)


def move_step(step: Step, *, to: int) -> None:
    """Let a step of a draft trade places until it stands at position `to`."""
    with transaction.atomic():
        _lock(step.version)
        step.refresh_from_db(fields=["position"])
        last = Step.objects.filter(version=step.version_id).count() - 1
        there = max(0, min(to, last))
        execute(MOVE, version=step.version_id, step=step.pk, here=step.position, there=there)


def remove_step(step: Step) -> None:
    """Take a step out of a draft."""
    with transaction.atomic():
        _lock(step.version)
        step.refresh_from_db(fields=["position"])
        Step.objects.filter(pk=step.pk).delete()
        execute(CLOSE_GAP, version=step.version_id, here=step.position)


def _lock(version: SequenceVersion) -> None:
    """Keep others from editing or publishing meanwhile; refuses what is no draft."""
    now_is = SequenceVersion.objects.select_for_update().filter(pk=version.pk).first()
    if now_is is None or now_is.state != VersionState.DRAFT:
        raise CannotEditSequence(
            _("Version %d is not a draft any more; start the next version to change it.")
            % version.number
        )


def _refuse_empty(step: Step) -> None:
    if step.kind == StepKind.WAIT and not step.wait:
        raise CannotAddStep(_("A wait lasts an hour at least."), field="wait_hours")
    if step.kind == StepKind.EMAIL:
        for field in TEMPLATES:
            check(getattr(step, field), field=field)
