"""What new MQLs would mean for sequences, without doing it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from leadmgmt.kernel.sql import fetch
from leads.models import Stage

# Whom ENROL of `nurturing.actions.enrolling` would take.
WOULD_BEGIN = """
SELECT sequence.name, array_remove(array_agg(lead.id), NULL)
FROM nurturing_sequence AS sequence
JOIN nurturing_sequenceversion AS version ON version.workspace_id = %(workspace)s
    AND version.sequence_id = sequence.id AND version.state = 'published'
LEFT JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
    AND lead.email <> '' AND NOT lead.do_not_email
    AND NOT EXISTS (
        SELECT FROM nurturing_suppression AS suppression
        WHERE suppression.workspace_id = %(workspace)s AND suppression.email = lower(lead.email))
    AND NOT EXISTS (
        SELECT FROM nurturing_enrolment AS enrolment
        WHERE enrolment.workspace_id = %(workspace)s AND enrolment.lead_id = lead.id
          AND enrolment.sequence_id = sequence.id AND enrolment.state = 'running')
WHERE sequence.workspace_id = %(workspace)s AND sequence.is_active
  AND sequence.trigger = 'stage' AND sequence.trigger_stage = %(stage)s
GROUP BY sequence.id, sequence.name ORDER BY sequence.name
"""


def enrolments_of(lead_ids: Sequence[UUID]) -> Mapping[str, Sequence[UUID]]:
    """Which of these new MQLs each running sequence would take, by its name."""
    leads = [str(each) for each in lead_ids]
    return dict(fetch(WOULD_BEGIN, leads=leads, stage=Stage.MQL.value))
