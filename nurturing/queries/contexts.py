"""What merge fields may say about a person: plain values, never our objects."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.sql import fetch

CONTEXTS = """
SELECT lead.id, jsonb_build_object(
    'lead', jsonb_build_object(
        'name', lead.name, 'first_name', split_part(lead.name, ' ', 1), 'email', lead.email,
        'job_title', lead.job_title, 'country', lead.country, 'city', lead.city,
        'attributes', lead.attributes),
    'company', jsonb_build_object(
        'name', coalesce(company.name, ''), 'industry', coalesce(company.industry, ''),
        'country', coalesce(company.country, '')),
    'owner', jsonb_build_object('name', coalesce(owner.name, '')),
    'workspace', jsonb_build_object('name', workspace.name))
FROM leads_lead AS lead
JOIN workspaces_workspace AS workspace ON workspace.id = lead.workspace_id
LEFT JOIN leads_company AS company
    ON company.workspace_id = lead.workspace_id AND company.id = lead.company_id
LEFT JOIN workspaces_member AS owner
    ON owner.workspace_id = lead.workspace_id AND owner.id = lead.owner_id
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
"""

FIELDS = (
    ("lead.first_name", _("First name")),
    ("lead.name", _("Whole name")),
    ("lead.job_title", _("Job title")),
    ("lead.city", _("City")),
    ("lead.country", _("Country")),
    ("company.name", _("Company")),
    ("company.industry", _("Industry")),
    ("owner.name", _("Rep who owns the lead")),
    ("workspace.name", _("Our name")),
)
"""The fields offered beside the editor; custom fields are `lead.attributes.<key>`."""


def contexts_of(lead_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The merge context of each lead; one statement."""
    found = fetch(CONTEXTS, leads=[str(each) for each in lead_ids])
    return {lead_id: json.loads(text) for lead_id, text in found}
