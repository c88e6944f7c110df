"""Campaigns and how many leads first came through each."""

from collections.abc import Mapping

from django.db.models import Count

from leadmgmt.ui.paging import Page, page_of
from leads.models import Campaign, Lead

ROWS = 50


def campaign_page(query: Mapping[str, str]) -> Page[Campaign]:
    """Campaigns, the newest first, each with `leads_count` (people whose first touch it was)."""
    page = page_of(Campaign.objects.all(), ("-created_at", "-id"), query, size=ROWS)
    ids = [campaign.pk for campaign in page.rows]
    counted = Lead.objects.filter(campaign__in=ids).values_list("campaign").annotate(Count("id"))
    people = dict(counted.order_by())
    for campaign in page.rows:
        campaign.leads_count = people.get(campaign.pk, 0)
    return page
