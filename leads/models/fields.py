"""Custom fields: what a workspace wants to know beyond what we ask."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.views import Subject


class FieldKind(models.TextChoices):
    """What a custom field holds; in `attributes` as JSON.

    Text, choice and link as text; number as number; money as whole minor units of the workspace's
    currency; date as ISO day; many choices as a list of texts; a person as the member's id.
    """

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    CHOICES = "choices", _("Many choices")
    YES_NO = "yes_no", _("Yes or no")
    LINK = "link", _("Link")
    PERSON = "person", _("Person")


class CustomField(WorkspaceModel):
    """One more thing to know about every lead or company; values are in its `attributes[key]`."""

    subject = models.CharField(
        _("about"), max_length=7, choices=Subject, default=Subject.LEAD, db_default=Subject.LEAD
    )
    key = models.SlugField(_("key"), max_length=60, allow_unicode=False)
    label = models.CharField(_("label"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind, default=FieldKind.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject", "key"],
                name="field_key_once",
                violation_error_message=_("Another field already has this key."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
