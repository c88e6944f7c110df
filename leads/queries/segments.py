"""Segments: who is concerned, how they grow, who came and went."""

from collections.abc import Iterable
from uuid import UUID

from leads.models import Lead, Merge


def people_of(company_ids: Iterable[UUID]) -> list[UUID]:
    """The leads of these companies."""
    people = Lead.objects.filter(company_id__in=list(company_ids))
    return list(people.order_by("pk").values_list("pk", flat=True))


def kept_instead_of(lead_ids: Iterable[UUID]) -> list[UUID]:
    """The leads into which these were merged, or were for a while."""
    merges = Merge.objects.filter(gone_id__in=list(lead_ids))
    return list(merges.order_by("lead_id").values_list("lead_id", flat=True).distinct())
