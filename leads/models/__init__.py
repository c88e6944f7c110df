"""Tables of the lead database, by noun."""

from leads.models.activities import Activity, ActivityKey
from leads.models.bulk import BulkAction, BulkChange, BulkChoice, BulkStatus
from leads.models.campaigns import Campaign, Channel
from leads.models.fields import CustomField, FieldKind
from leads.models.files import Attachment
from leads.models.merging import (
    CompanyMerge,
    Duplicate,
    DuplicateStatus,
    Merge,
    RemovedCause,
    RemovedCompany,
    RemovedLead,
    Trait,
    TraitKind,
)
from leads.models.people import (
    Company,
    Grade,
    Identity,
    IdentityKind,
    Lead,
    LeadClass,
    Stage,
    Visitor,
)
from leads.models.personas import Persona
from leads.models.privacy import (
    Consent,
    PrivacyRequest,
    PrivacyRequestKind,
    Purpose,
    RetentionRule,
    Tombstone,
)
from leads.models.profiles import CompanyChange, ProfileChange, Via
from leads.models.segments import Membership, Segment, SegmentKind
from leads.models.tags import CompanyTag, LeadTag, Tag
from leads.models.tasks import Task, TaskKind
from leads.models.views import SavedView, Subject

__all__ = [
    "Activity",
    "ActivityKey",
    "Attachment",
    "BulkAction",
    "BulkChange",
    "BulkChoice",
    "BulkStatus",
    "Campaign",
    "Channel",
    "Company",
    "CompanyChange",
    "CompanyMerge",
    "CompanyTag",
    "Consent",
    "CustomField",
    "Duplicate",
    "DuplicateStatus",
    "FieldKind",
    "Grade",
    "Identity",
    "IdentityKind",
    "Lead",
    "LeadClass",
    "LeadTag",
    "Membership",
    "Merge",
    "Persona",
    "PrivacyRequest",
    "PrivacyRequestKind",
    "ProfileChange",
    "Purpose",
    "RemovedCause",
    "RemovedCompany",
    "RemovedLead",
    "RetentionRule",
    "SavedView",
    "Segment",
    "SegmentKind",
    "Stage",
    "Subject",
    "Tag",
    "Task",
    "TaskKind",
    "Tombstone",
    "Trait",
    "TraitKind",
    "Via",
    "Visitor",
]
