"""What new MQLs would mean for routing, without doing it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from funnel.models import RoutingPlan
from leads.models import Lead


def routed_of(lead_ids: Sequence[UUID]) -> Mapping[str, Sequence[UUID]]:
    """Whom the plan in force would be asked about: those without an owner; nobody while off."""
    plan = RoutingPlan.objects.published().first()
    if plan is None:
        return {}
    free = Lead.objects.filter(pk__in=lead_ids, owner=None).values_list("pk", flat=True)
    return {_("Routing, %(plan)s") % {"plan": plan}: list(free)}
