"""Questions around merges: what one would do, which there were, where an old id leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps
from django.db.models import Count, Model, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.handing import Root, moving_models, rows_to_move
from leads.joining import CHOSEN, CUSTOM, GONE, KEPT, Choices, fields_of, is_blank, joined, value_in
from leads.models import (
    Company,
    CompanyMerge,
    CustomField,
    Lead,
    Merge,
    RemovedLead,
    Stage,
    Subject,
)
from leads.naming import name_of_rows
from leads.queries.fields import Words

BOTH = """
SELECT to_jsonb(lead) - 'workspace_id' FROM leads_lead AS lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""

OF_A_COMPANY = {
    "leads.Lead": gettext_lazy("people"),
    "funnel.Customer": gettext_lazy("being a customer"),
}


@dataclass(frozen=True)
class Choice:
    """One field of the two leads; `taken` says whose value the one lead will have."""

    field: str
    label: str
    kept: str
    gone: str
    taken: str

    @property
    def is_open(self) -> bool:
        """Both say something, and not the same: somebody has to choose."""
        return bool(self.kept and self.gone and self.kept != self.gone)

    @property
    def result(self) -> str:
        """What the one lead will say."""
        return self.gone if self.taken == GONE else self.kept


@dataclass(frozen=True)
class Moving:
    """So many rows of one kind change hands."""

    label: str
    count: int


@dataclass(frozen=True)
class Preview:
    """What a merge would do: choices field by field, what follows by rule, what moves."""

    choices: Sequence[Choice]
    rules: Sequence[tuple[str, str]]
    moving: Sequence[Moving]


def preview_of(kept_id: UUID, gone_id: UUID, choices: Choices) -> Preview:
    """What merging these two with these choices would do; both must be there."""
    rows = {
        row["id"]: row
        for row in (msgspec.json.decode(each[0]) for each in fetch(BOTH, ids=[kept_id, gone_id]))
    }
    kept, gone = rows[str(kept_id)], rows[str(gone_id)]
    result = joined(kept, gone, choices)
    rules = _rules(kept, gone, result)
    return Preview(_choices(kept, gone, choices), rules, moving_rows(kept_id, gone_id))


def moving_rows(kept_id: UUID, gone_id: UUID, root: Root = Lead) -> list[Moving]:
    """How many rows of which kind would change hands; in one statement."""
    first, *rest = [_counted(model, kept_id, gone_id, root) for model in moving_models(root)]
    counts = first.union(*rest, all=True)
    return [Moving(_name_of(row["of"], root), row["rows"]) for row in counts if row["rows"]]


def current_id(lead_id: UUID) -> UUID | None:
    """The lead that `lead_id` was merged into; None when it was not.

    One step is enough: the merges of a lead that is merged itself go with it.
    """
    merges = Merge.objects.filter(gone_id=lead_id, undone_at=None)
    found: UUID | None = merges.values_list("lead_id", flat=True).first()
    return found


def current_company_id(company_id: UUID) -> UUID | None:
    """The company that `company_id` was merged into; None when it was not."""
    merges = CompanyMerge.objects.filter(gone_id=company_id, undone_at=None)
    found: UUID | None = merges.values_list("company_id", flat=True).first()
    return found


def merges_of(lead: Lead) -> list[Merge]:
    """The merges into this lead, newest first."""
    merges = Merge.objects.filter(lead=lead).select_related("by")
    return list(merges.order_by("-merged_at", "-pk"))


def undoable_until(merges: Sequence[Merge]) -> tuple[Merge | None, datetime | None]:
    """The one merge of a lead that can be undone now, the last, and until when."""
    live = next((each for each in merges if each.undone_at is None), None)
    if live is None:
        return None, None
    parcels = RemovedLead.objects.filter(lead_id=live.gone_id, cause_id=live.pk)
    until = parcels.values_list("expires_at", flat=True).first()
    return (live, until) if until else (None, None)


def label_of(column: str) -> str:
    """What people call a column of the profile or of the standing; "" for what they do not see."""
    if column.startswith(CUSTOM):
        return _labels().get(column, column.removeprefix(CUSTOM))
    if column == "stage":
        return _("Stage")
    fields = {own: field for field, own in CHOSEN.items()}
    return _labels()[fields[column]] if column in fields else ""


def panel_of(lead: Lead) -> dict[str, Any] | None:
    """The merges into this lead, for its page; None when there are none."""
    merges = merges_of(lead)
    if not merges:
        return None
    last, until = undoable_until(merges)
    return {"merges": merges, "last_merge": last, "merge_until": until}


def _counted(model: type[Model], kept_id: UUID, gone_id: UUID, root: Root) -> Any:
    rows = rows_to_move(model, kept_id=kept_id, gone_id=gone_id, root=root).order_by()
    return rows.annotate(of=Value(model._meta.label)).values("of").annotate(rows=Count("pk"))


def _name_of(label: str, root: Root) -> str:
    """Leads, and customers, are something else to a company than to a lead."""
    if root is Company and label in OF_A_COMPANY:
        return str(OF_A_COMPANY[label])
    return name_of_rows(apps.get_model(label))


def _choices(kept: Any, gone: Any, choices: Choices) -> list[Choice]:
    fields = [
        field
        for field in fields_of(kept, gone)
        if not (is_blank(value_in(kept, field)) and is_blank(value_in(gone, field)))
    ]
    labels, shown = _labels(), _Shown(kept, gone)
    return [
        Choice(
            field,
            labels.get(field, field.removeprefix(CUSTOM)),
            shown.text(kept, field),
            shown.text(gone, field),
            _taken(value_in(kept, field), choices.get(field, "")),
        )
        for field in fields
    ]


def _taken(kept: Any, choice: str) -> str:
    return choice or (GONE if is_blank(kept) else KEPT)


def _labels() -> dict[str, str]:
    fields = {each.name: each for each in Lead._meta.fields}
    own = {name: str(fields[name].verbose_name).capitalize() for name in CHOSEN}
    custom = CustomField.objects.filter(subject=Subject.LEAD).values_list("key", "label")
    return own | {f"{CUSTOM}{key}": label for key, label in custom}


class _Shown:
    """Values as people read them: companies and owners by name, custom ones by their kind."""

    def __init__(self, *rows: Any) -> None:
        companies = Company.objects.filter(pk__in=[row["company_id"] for row in rows])
        owners = Member.objects.filter(pk__in=[row["owner_id"] for row in rows])
        self.names = {str(each.pk): each.name for each in (*companies, *owners)}
        own = CustomField.objects.filter(subject=Subject.LEAD)
        self.own, self.words = {f"{CUSTOM}{each.key}": each for each in own}, Words()

    def text(self, row: Any, field: str) -> str:
        value = value_in(row, field)
        if is_blank(value):
            return ""
        if field in ("company", "owner"):
            return str(self.names.get(value, value))
        return self.words.of(value, self.own.get(field))


def _rules(kept: Any, gone: Any, result: Any) -> list[tuple[str, str]]:
    """What follows by itself, for people to read."""
    stage = str(Stage(result["stage"]).label)
    if kept["stage"] != gone["stage"]:
        stage = _("%s, the further one of the two") % stage
    rules = [
        (_("Stage"), stage),
        (_("First touch"), _touch(result)),
    ]
    if result["do_not_email"]:
        rules.append((_("Email"), _("Do not email: one of the two asked for that")))
    if result["do_not_call"]:
        rules.append((_("Phone"), _("Do not call: one of the two asked for that")))
    rules.append((_("Score"), _("worked out anew from the facts of both")))
    return rules


def _touch(result: Any) -> str:
    where = " / ".join(part for part in (result["source"], result["medium"]) if part)
    return _("%s, the earlier one of the two") % where if where else _("the earlier one of the two")
