"""Planning campaigns."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads import normalising
from leads.models import Campaign

KEY_TAKEN = "campaign_key_once"


class CannotSaveCampaign(Refusal):
    """The key belongs to another campaign, or the campaign ends before it starts."""


def save_campaign(campaign: Campaign, *, facts: Mapping[str, Any]) -> Campaign:
    """Write a new or a changed campaign; its key is made of its name when none is given.

    Visits are matched by the key, so changing it parts the campaign from the links out there.
    """
    name = normalising.plain_text(facts["name"], field="name", most=120)
    campaign.name = name
    campaign.key = facts.get("key") or slugify(name, allow_unicode=False)[:80]
    campaign.channel = facts["channel"]
    campaign.starts_on, campaign.ends_on = facts.get("starts_on"), facts.get("ends_on")
    _refuse_wrong(campaign)
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as problem:
        if KEY_TAKEN not in str(problem):
            raise
        raise CannotSaveCampaign(
            _("Another campaign already has the key “%s”.") % campaign.key, field="key"
        ) from problem
    return campaign


def _refuse_wrong(campaign: Campaign) -> None:
    if not campaign.key:
        raise CannotSaveCampaign(
            _("Give a key of Latin letters, digits and hyphens; the name has none."), field="key"
        )
    starts: date | None = campaign.starts_on
    if starts and campaign.ends_on and campaign.ends_on < starts:
        raise CannotSaveCampaign(
            _("The campaign ends on %(end)s, before it starts; choose a later day.")
            % {"end": campaign.ends_on.isoformat()},
            field="ends_on",
        )
