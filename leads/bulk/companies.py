"""The bulk verbs for companies."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.workspaces.models import Member
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.actions.setting import set_field
from leads.actions.standing import require_colleague
from leads.actions.tagging import known_tag, tag_called, tag_companies, untag_companies
from leads.bulk.exporting import EXPORT_COMPANIES
from leads.bulk.fields import SET_COMPANY_FIELD, door_of
from leads.bulk.tags import tag_verb, untag_verb
from leads.bulk.verb import Change, Verb, Work
from leads.bulk.verbs import AssignForm, owner_of, tell_assign
from leads.models import RemovedCause, RemovedCompany, Subject


def _assign(work: Work) -> Iterable[Change]:
    owner = owner_of(work.parameters["owner"])
    require_colleague(owner)
    values = dict.fromkeys(work.ids, owner and str(owner.pk))
    before = set_field(
        values, field="owner", door=door_of(work), now=work.now, subject=Subject.COMPANY
    )
    return [Change(company, value) for company, value in before.items()]


def _give_back(work: Work, changes: Sequence[Change]) -> int:
    """Where the owner is still the one we gave; who has left since gets nothing back."""
    here = {str(id) for id in Member.objects.colleagues().values_list("pk", flat=True)}
    values = {
        change.lead_id: change.before if change.before in here else None for change in changes
    }
    given = work.parameters["owner"] or None
    undone = set_field(
        values,
        field="owner",
        door=door_of(work),
        now=work.now,
        seen=given,
        subject=Subject.COMPANY,
    )
    return len(undone)


def _tag(work: Work) -> Iterable[Change]:
    tag = tag_called(work.parameters["tag"])
    return map(Change, tag_companies(work.ids, tag=tag, door=door_of(work), now=work.now))


def _untag(work: Work) -> Iterable[Change]:
    tag = known_tag(work.parameters["tag"])
    if tag is None:
        return ()
    return map(Change, untag_companies(work.ids, tag=tag, door=door_of(work), now=work.now))


def _tag_back(work: Work, changes: Sequence[Change]) -> int:
    return len(list(_tag(work)))


def _untag_back(work: Work, changes: Sequence[Change]) -> int:
    return len(list(_untag(work)))


PUT_BACK_AT_ONCE = 200


def _remove(work: Work) -> Iterable[Change]:
    taken = take_out_companies(
        work.ids, cause=RemovedCause.BULK, cause_id=work.bulk_id, by=work.by, now=work.now
    )
    return map(Change, taken)


def _restore(work: Work, changes: Sequence[Change]) -> int:
    """The next of those it took out."""
    parcels = RemovedCompany.objects.filter(cause_id=work.bulk_id).order_by("company_id")
    ids = list(parcels.values_list("company_id", flat=True)[:PUT_BACK_AT_ONCE])
    return len(put_back_companies(ids, by=work.by, now=work.now).restored) if ids else 0


COMPANY_VERBS = (
    Verb(
        name="assign",
        label=gettext_lazy("Assign"),
        icon="user-round-check",
        page="leads:company_edit",
        tell=tell_assign,
        do=_assign,
        undo=_give_back,
        form=AssignForm,
        hint=gettext_lazy("Who looks after these companies; the owners of their people stay."),
        in_history=True,
        subject=Subject.COMPANY,
    ),
    tag_verb(page="leads:company_tag", do=_tag, undo=_untag_back, subject=Subject.COMPANY),
    untag_verb(page="leads:company_tag", do=_untag, undo=_tag_back, subject=Subject.COMPANY),
    SET_COMPANY_FIELD,
    EXPORT_COMPANIES,
    Verb(
        name="remove",
        label=gettext_lazy("Delete"),
        icon="trash-2",
        page="leads:company_remove",
        tell=lambda parameters: _("Delete"),
        do=_remove,
        undo=_restore,
        keeps_changes=True,
        is_dangerous=True,
        hint=gettext_lazy(
            "Their people and deals stay, without a company. They can be put back for 30 days."
        ),
        subject=Subject.COMPANY,
    ),
)
