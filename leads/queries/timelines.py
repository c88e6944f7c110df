"""Timelines: what happened to a lead, or to all people of a company, newest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from leadmgmt.ui.paging import Page, page_of
from leads.conditions import ActivityTest, Condition, WrongCondition, condition_from_query
from leads.conditions.condition import setting_at
from leads.conditions.sql.activities import facts_sql
from leads.kinds import Kind
from leads.models import Activity, Company, Lead
from leads.telling import FAMILIES, Told, tell, tell_views

ROWS = 30
OF_ACTIVITY = re.compile(r"\bactivity\.")


@dataclass(frozen=True)
class Happened:
    """One fact and how it reads."""

    activity: Activity
    told: Told

    @property
    def is_note(self) -> bool:
        """A note leads to the page where its author corrects it."""
        return bool(self.activity.kind == Kind.NOTE and self.activity.lead_id)


def timeline_of_lead(lead: Lead, query: Mapping[str, str], currency: str) -> Page[Happened]:
    """Facts of `lead`; `family` narrows them to one of FAMILIES, `after` goes on.

    `facts`, an activity test in JSON, narrows them to what the test counts.
    """
    facts = Activity.objects.filter(lead=lead)
    if counted := counted_facts(query):
        facts = facts.filter(_counted_by(counted, lead))
        if lead.cycle_began_at:
            facts = facts.filter(occurred_at__gte=lead.cycle_began_at)
    return _page(facts, query, currency, began_at=lead.cycle_began_at)


def counted_facts(query: Mapping[str, str]) -> Condition | None:
    """The activity test that `facts` names; None without one, or when it is none."""
    try:
        condition = condition_from_query(query["facts"]) if query.get("facts") else None
    except WrongCondition:
        return None
    return condition if condition and isinstance(condition.root, ActivityTest) else None


def _counted_by(condition: Condition, lead: Lead) -> RawSQL:
    """The test over the rows of a queryset of activities; its values are parameters."""
    test = condition.root
    if not isinstance(test, ActivityTest):
        raise TypeError("Only a test of activities counts facts.")
    rows = facts_sql(test, setting_at(timezone.now(), among=[lead.pk]))
    text = OF_ACTIVITY.sub(f"{Activity._meta.db_table}.", rows.text)
    return RawSQL(text, rows.params, output_field=BooleanField())  # noqa: S611


def timeline_of_company(
    company: Company, query: Mapping[str, str], currency: str
) -> Page[Happened]:
    """Facts of all its people."""
    people = Lead.objects.filter(company=company).values("id")
    facts = Activity.objects.filter(lead__in=people).select_related("lead")
    return _page(facts, query, currency)


def _page(
    facts: QuerySet[Activity],
    query: Mapping[str, str],
    currency: str,
    *,
    began_at: datetime | None = None,
) -> Page[Happened]:
    """One page; how long a page was looked at is no line of its own."""
    facts = facts.exclude(kind=Kind.PAGE_LEFT)
    family = FAMILIES.get(query.get("family", ""))
    if family:
        facts = facts.filter(kind__in=family[1])
    order = ("-occurred_at", "-id")
    page = page_of(facts.select_related("by"), order, query, size=ROWS, is_counted=False)
    told = _told(page.rows, currency, began_at)
    return Page(told, page.next, page.previous, page.total)


def _told(facts: Sequence[Activity], currency: str, began_at: datetime | None) -> list[Happened]:
    """Each fact in words; page views in a row, by one person on one day, in one line."""
    told = []
    for _sameness, group in groupby(facts, key=_sameness_of):
        same = list(group)
        is_one = len(same) == 1
        words = tell(same[0], currency, began_at=began_at) if is_one else tell_views(same)
        told.append(Happened(same[0], words))
    return told


def _sameness_of(fact: Activity) -> object:
    if fact.kind != Kind.PAGE_VIEW or fact.is_machine:
        return fact.pk
    return fact.lead_id, fact.occurred_at.date()
