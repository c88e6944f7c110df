"""What people call the rows that hang on a lead, whichever app they belong to."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Names = Mapping[str, str | Promise]

OURS: Names = {
    "leads.Activity": _("facts of the timeline"),
    "leads.Attachment": _("files"),
    "leads.BulkChange": _("notes of bulk actions, to undo them"),
    "leads.CompanyMerge": _("earlier merges"),
    "leads.CompanyTag": _("tags"),
    "leads.Consent": _("answers about consent"),
    "leads.Duplicate": _("suspicions of a duplicate"),
    "leads.Identity": _("emails, phones and ids it is known by"),
    "leads.Lead": _("the lead itself"),
    "leads.LeadTag": _("tags"),
    "leads.Membership": _("times in a segment"),
    "leads.Merge": _("earlier merges"),
    "leads.ProfileChange": _("changes of the profile"),
    "leads.RemovedCompany": _("removed companies"),
    "leads.RemovedLead": _("removed leads"),
    "leads.Task": _("next steps"),
    "leads.Trait": _("marks by which duplicates are found"),
    "leads.Visitor": _("browsers"),
}

_above: Names = {}


def bind(names: Names) -> None:
    """Make these the names of what apps above hang on leads (the root does, at start-up)."""
    global _above
    _above = names


def name_of_rows(model: type[Model]) -> str:
    """In words, many of them; what nobody has named is called what its model is."""
    meta: Any = model._meta
    return str(OURS.get(meta.label) or _above.get(meta.label) or meta.verbose_name_plural)
