"""Tables of the lead database, by noun."""

from leads.models.activities import Activity, ActivityKey
from leads.models.campaigns import Campaign, Channel
from leads.models.fields import CustomField, FieldKind
from leads.models.people import Company, Identity, IdentityKind, Lead, LeadClass, Stage, Visitor

__all__ = [
    "Activity",
    "ActivityKey",
    "Campaign",
    "Channel",
    "Company",
    "CustomField",
    "FieldKind",
    "Identity",
    "IdentityKind",
    "Lead",
    "LeadClass",
    "Stage",
    "Visitor",
]
