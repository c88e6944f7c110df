"""Putting a draft in force, and pausing a sequence."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, VersionState
from nurturing.actions.drafting import CannotEditSequence
from nurturing.bell import wake_on_commit
from nurturing.merging import check
from nurturing.models import Sequence, SequenceVersion, Step, StepKind


class CannotPublishSequence(Refusal):
    """The draft has no email, or one that cannot be sent."""


def publish_draft(draft: SequenceVersion, *, reason: str, by: Member | None, now: datetime) -> None:
    """Enrol new people on this version from now on; those on their way stay on theirs.

    Refuses a draft without an email, with an email that says nothing, or with a wait at its end.
    """
    with transaction.atomic():
        locked = SequenceVersion.objects.select_for_update().get(pk=draft.pk)
        if locked.state != VersionState.DRAFT:
            raise CannotEditSequence(_("Version %d is published already.") % draft.number)
        _refuse_unready(list(Step.objects.filter(version=draft)))
        others = SequenceVersion.objects.filter(
            sequence=draft.sequence_id, state=VersionState.PUBLISHED
        )
        others.update(state=VersionState.RETIRED)
        SequenceVersion.objects.filter(pk=draft.pk).update(
            state=VersionState.PUBLISHED, reason=reason, published_at=now, published_by=by
        )


def pause_sequence(sequence: Sequence) -> None:
    """Enrol nobody and send nothing until it is resumed; everybody keeps their place."""
    Sequence.objects.filter(pk=sequence.pk).update(is_active=False)


def resume_sequence(sequence: Sequence) -> None:
    """Go on; what became due meanwhile goes out now."""
    with transaction.atomic():
        Sequence.objects.filter(pk=sequence.pk).update(is_active=True)
        wake_on_commit()


def _refuse_unready(steps: list[Step]) -> None:
    emails = [each for each in steps if each.kind == StepKind.EMAIL]
    if not emails:
        raise CannotPublishSequence(_("There is no email in this draft yet; add one first."))
    for step in emails:
        _refuse_blank(step)
    if steps[-1].kind == StepKind.WAIT:
        raise CannotPublishSequence(
            _("The last step is a wait with nothing after it; add an email or remove the wait.")
        )


def _refuse_blank(step: Step) -> None:
    number = step.position + 1
    for field, value in ((_("subject"), step.subject), (_("text"), step.body)):
        if not value.strip():
            raise CannotPublishSequence(
                _("The email in step %(number)d has no %(field)s.")
                % {"number": number, "field": field}
            )
    for value in (step.subject, step.preheader, step.body):
        check(value)
