"""What scores would do to stages and to the queue, without doing it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from funnel.actions.promoting import who_meets
from funnel.models import Definition
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Member, Role
from leads.conditions import Sql
from leads.models import Lead, Stage
from scoring.following import Load, Supposed

SUPPOSED = """(
    SELECT {columns}, supposed.score, supposed.lead_class, supposed.grade
    FROM leads_lead AS known
    JOIN unnest(%s::uuid[], %s::int[], %s::text[], %s::text[])
        AS supposed (id, score, lead_class, grade) ON known.id = supposed.id
    WHERE known.workspace_id = %s
)"""
GIVEN = ("score", "lead_class", "grade")


def mqls_among(lead_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Those of these leads whom the definition in force would make MQLs now."""
    condition = _condition()
    return who_meets(condition, now=now, among=list(lead_ids)) if condition else []


def supposed_mqls(supposed: Supposed, now: datetime) -> list[UUID]:
    """Those whom it would make MQLs if they had these scores."""
    condition = _condition()
    if not condition or not supposed.ids:
        return []
    return who_meets(condition, now=now, among=supposed.ids, leads=_as_supposed(supposed))


def load_of(new_ids: Sequence[UUID]) -> list[Load]:
    """Open leads (MQLs and SQLs) in the pool and of each rep, now and with these new MQLs."""
    now = _by_owner(Lead.objects.filter(stage__in=(Stage.MQL, Stage.SQL)))
    new = _by_owner(Lead.objects.filter(pk__in=new_ids))
    reps = Member.objects.present().filter(role=Role.REP)
    owners = [(None, _("In the pool, claimed by nobody")), *((each.pk, str(each)) for each in reps)]
    return [
        Load(owner, name, now.get(owner, 0), now.get(owner, 0) + new.get(owner, 0))
        for owner, name in owners
    ]


def _condition() -> dict[str, object]:
    definition = Definition.objects.published().filter(stage=Stage.MQL).first()
    return dict(definition.condition or {}) if definition else {}


def _as_supposed(supposed: Supposed) -> Sql:
    columns = [each.column for each in Lead._meta.concrete_fields if each.column not in GIVEN]
    text = SUPPOSED.format(columns=", ".join(f'known."{each}"' for each in columns))
    known = (supposed.ids, supposed.scores, supposed.classes, supposed.grades)
    return Sql(text, (*known, current_workspace_id()))


def _by_owner(leads: QuerySet[Lead]) -> dict[UUID | None, int]:
    rows: Any = leads.values("owner").annotate(leads=Count("pk")).values_list("owner", "leads")
    return dict(rows)
