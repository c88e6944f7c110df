"""The stage of a company, from its people by the published rule.

Live stages are lead, MQL, SQL and customer. A company nobody of which is live is in nurturing if
anybody there is, else disqualified; one without people keeps its stage.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.agreeing import lock_definitions, publish_version, write_draft
from funnel.actions.describing import CannotProposeChange
from funnel.events import CompanyRulesPublished
from funnel.models import CompanyRule
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.models import Member
from leads.actions.standing import lift_companies
from leads.models import Company, Lead

CHUNK = 2_000
MOST_PEOPLE = 20


def place_companies(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Work out anew the stage of the companies these leads work for."""
    employers = Lead.objects.filter(pk__in=lead_ids, company__isnull=False)
    company_ids = employers.order_by("company_id").values_list("company_id", flat=True).distinct()
    lift_companies(list(company_ids), now=now)


def place_all_companies(rules: Sequence[UUID], *, after: str = "", now: datetime) -> None:
    """Work out the stage of the next companies by id; the rest follows in events of its own."""
    beyond = Company.objects.filter(pk__gt=after) if after else Company.objects.all()
    chunk = list(beyond.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    with transaction.atomic():
        lift_companies(chunk, now=now)
        if len(chunk) == CHUNK:
            publish(CompanyRulesPublished(tuple(rules), after=str(chunk[-1])))


def propose_company_rule(*, least_people: int, reason: str, by: Member | None) -> CompanyRule:
    """Write the draft of the next version of the rule, or rewrite it."""
    if not 1 <= least_people <= MOST_PEOPLE:
        sentence = _("“How many people” is %(count)d; it goes from 1 to %(most)d.")
        values = {"count": least_people, "most": MOST_PEOPLE}
        raise CannotProposeChange(sentence % values, field="least_people")
    if not reason.strip():
        raise CannotProposeChange(_("Say why it changes."), field="reason")
    content = {"least_people": least_people, "reason": reason, "proposed_by": by}
    with transaction.atomic():
        lock_definitions()
        return write_draft(CompanyRule.objects.all(), content)


def publish_company_rule(rule: CompanyRule, *, by: Member | None, now: datetime) -> None:
    """Let a rule both sides approved bind from now on; a worker places every company by it."""
    with transaction.atomic():
        if publish_version(rule, by=by, now=now):
            publish(CompanyRulesPublished((rule.pk,)))


def discard_company_rule() -> None:
    """Throw the proposed rule away."""
    CompanyRule.objects.draft().delete()
