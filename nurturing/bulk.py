"""Starting many leads on a sequence at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.refusals import Refusal
from leads.bulk import BulkForm, Change, Verb, Work
from nurturing.actions.enrolling import end_enrolments, enrol_leads
from nurturing.models import Enrolment, EnrolmentState, LeavingReason
from nurturing.models import Sequence as MailSequence


class CannotEnrolInBulk(Refusal):
    """The sequence is gone."""


class EnrolForm(BulkForm):
    """Which sequence."""

    sequence = forms.ChoiceField(label=gettext_lazy("Sequence"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = MailSequence.objects.filter(is_active=True).order_by("name", "id")
        choices = [(str(id), name) for id, name in running.values_list("id", "name")]
        self.fields["sequence"] = forms.ChoiceField(
            label=_("Sequence"),
            choices=choices,
            help_text=_("Leads without an address, or who want no email, are passed over."),
        )


def _enrol(work: Work) -> Iterable[Change]:
    sequence = MailSequence.objects.filter(pk=work.parameters["sequence"]).first()
    if sequence is None:
        raise CannotEnrolInBulk(_("The sequence is gone."), field="sequence")
    were = _running(work, work.ids)
    enrol_leads(list(work.ids), sequences=[sequence], now=work.now, by=work.by)
    return [Change(lead, str(enrolment)) for lead, enrolment in (_running(work, work.ids) - were)]


def _running(work: Work, ids: Sequence[Any]) -> set[tuple[Any, Any]]:
    found = Enrolment.objects.filter(
        lead__in=list(ids), sequence=work.parameters["sequence"], state=EnrolmentState.RUNNING
    )
    return set(found.values_list("lead_id", "pk"))


def _leave(work: Work, changes: Sequence[Change]) -> int:
    """Take out who is still on the way we started; mails that are sent stay sent."""
    ids = [change.before for change in changes]
    ours = Enrolment.objects.filter(pk__in=ids, state=EnrolmentState.RUNNING)
    return end_enrolments(ours, reason=LeavingReason.BY_HAND, now=work.now)


def _tell(parameters: Mapping[str, Any]) -> str:
    found = MailSequence.objects.filter(pk=parameters["sequence"]).first()
    return _("Enrol in “%s”") % (found.name if found else "–")


ENROL = Verb(
    name="enrol",
    label=gettext_lazy("Enrol in sequence"),
    icon="workflow",
    page="nurturing:enrol",
    tell=_tell,
    do=_enrol,
    undo=_leave,
    form=EnrolForm,
    hint=gettext_lazy("Undoing takes them out again; emails already sent cannot be taken back."),
)
