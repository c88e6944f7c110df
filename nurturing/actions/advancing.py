"""Moving enrolments on: a due one takes one step, in the database and for many at once."""

from datetime import datetime

from leadmgmt.kernel.sql import execute

BATCH = 1_000

# The step and the message it plans are one statement: neither without the other. Who had this
# step before, in whichever version, passes it without a second email.
ADVANCE = """
WITH due AS MATERIALIZED (
    SELECT enrolment.id, enrolment.lead_id, enrolment.sequence_id, enrolment.version_id,
        enrolment.position
    FROM nurturing_enrolment AS enrolment
    JOIN nurturing_sequence AS sequence
        ON sequence.workspace_id = %(workspace)s AND sequence.id = enrolment.sequence_id
    WHERE enrolment.workspace_id = %(workspace)s AND enrolment.state = 'running'
      AND enrolment.due_at <= %(now)s AND sequence.is_active
    ORDER BY enrolment.due_at LIMIT %(limit)s FOR UPDATE OF enrolment SKIP LOCKED
), placed AS MATERIALIZED (
    SELECT due.*, step.id AS step_id, step.key AS step_key, step.kind,
        make_interval(days => coalesce(step.wait_days, 0)::int,
                      hours => coalesce(step.wait_hours, 0)::int) AS wait
    FROM due LEFT JOIN nurturing_step AS step
        ON step.workspace_id = %(workspace)s AND step.version_id = due.version_id
        AND step.position = due.position
), planned AS (
    INSERT INTO nurturing_message (
        workspace_id, enrolment_id, sequence_id, step_id, step_key, lead_id, "to", subject, state,
        problem, attempts, planned_at, due_at)
    SELECT %(workspace)s, id, sequence_id, step_id, step_key, lead_id, '', '', 'planned', '', 0,
        %(now)s, %(now)s
    FROM placed WHERE kind = 'email' ORDER BY lead_id
    ON CONFLICT (workspace_id, lead_id, step_key) DO NOTHING
)
UPDATE nurturing_enrolment AS enrolment SET
    position = enrolment.position + (placed.step_id IS NOT NULL)::int,
    due_at = %(now)s + CASE WHEN placed.kind = 'wait' THEN placed.wait ELSE '0' END,
    state = CASE WHEN placed.step_id IS NULL THEN 'finished' ELSE 'running' END,
    ended_at = CASE WHEN placed.step_id IS NULL THEN %(now)s END
FROM placed WHERE enrolment.workspace_id = %(workspace)s AND enrolment.id = placed.id
"""


def advance_enrolments(*, now: datetime) -> int:
    """Let up to a thousand due enrolments take one step; how many did.

    Call it until it answers 0. Enrolments that another worker holds are passed over.
    """
    return execute(ADVANCE, now=now, limit=BATCH)
