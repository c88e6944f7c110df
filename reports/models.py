"""The cost ledger."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class Lever(models.TextChoices):
    """What the money goes into."""

    ADS = "ads", _("Advertising")
    EMAIL = "email", _("Email")
    SEO = "seo", _("Search engine optimisation")
    CONTENT = "content", _("Content")
    SITE = "site", _("Site")
    EVENTS = "events", _("Fairs and events")
    FILES = "files", _("Bought or rented files")
    SUPPLIERS = "suppliers", _("Suppliers")
    STAFF = "staff", _("Staff")
    SOFTWARE = "software", _("Software")
    OTHER = "other", _("Other")


class CostLine(WorkspaceModel):
    """Money spent on acquiring customers, from one day to another (both included).

    `amount` is in cents of the workspace's currency. Without a campaign the cost is shared by
    all of them: it counts in the totals and in no campaign's own figures.
    """

    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.PROTECT, null=True, blank=True, related_name="+"
    )
    lever = models.CharField(_("lever"), max_length=10, choices=Lever, default=Lever.ADS)
    amount = models.BigIntegerField(_("amount"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    entered_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="cost_ends_after_it_starts",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="cost_is_positive",
                violation_error_message=_("The amount must be more than nothing."),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-starts_on", "-id"], name="cost_newest"),
        ]

    def __str__(self) -> str:
        return self.note or str(self.get_lever_display())
