"""Campaigns: what we pay for so that people come."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models import WorkspaceModel


class Channel(models.TextChoices):
    """How a campaign reaches people; inbound and outbound are reported apart."""

    SEO = "seo", _("Search engine (organic)")
    CONTENT = "content", _("Blog, e-book, white paper")
    SOCIAL = "social", _("Social network")
    NEWSLETTER = "newsletter", _("Newsletter")
    WEBINAR = "webinar", _("Webinar")
    PAID_SEARCH = "paid_search", _("Paid search")
    ADS = "ads", _("Other advertising")
    EMAIL = "email", _("Email prospecting")
    COLD_CALL = "cold_call", _("Cold call")
    FILE = "file", _("Bought or rented file")
    FAIR = "fair", _("Trade fair")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")


OUTBOUND = (
    Channel.PAID_SEARCH,
    Channel.ADS,
    Channel.EMAIL,
    Channel.COLD_CALL,
    Channel.FILE,
    Channel.FAIR,
    Channel.REFERRAL,
)


class Campaign(WorkspaceModel):
    """A planned effort with a name, known on the web by its `utm_campaign` key."""

    name = models.CharField(_("name"), max_length=120)
    key = models.SlugField(
        _("key"), max_length=80, help_text=_("What stands in utm_campaign on your links.")
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.OTHER)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="campaign_key_once",
                violation_error_message=_("Another campaign already has this key."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
