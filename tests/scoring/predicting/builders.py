"""Leads whose outcome follows from what they are and do."""

from datetime import UTC, datetime, timedelta

from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member
from scoring.actions.training import ask_training, choose_prediction
from scoring.cases import Study
from scoring.models import PredictiveModel
from tests.clients import drain

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
STUDY = Study(NOW - 300 * A_DAY, NOW, "sql", wait_days=14, within_days=30)

# Lots are drawn by id, so the ids are the same in each run.
# Greeks become SQLs twice as often as others, and who looks at prices three times as often.
LEADS = """
WITH made AS (
    INSERT INTO leads_lead (workspace_id, id, name, email, phone, job_title, country, city,
        attributes, do_not_email, do_not_call, source, medium, stage, highest_stage, cycle,
        lead_class, created_at, first_seen_at, changed_at, stage_entered_at)
    SELECT %(workspace)s, md5(concat('lots', %(workspace)s, %(first)s::text, n))::uuid,
        'Person ' || n, 'person' || n || '@firm.example', '', '',
        (ARRAY['Greece', 'Norway', ''])[1 + n %% 3], '', jsonb_build_object('seats', n %% 50),
        false, false, 'google', 'cpc', 'lead', 'lead', 1, '', at, at, at, at
    FROM generate_series(1, %(count)s) AS n
    CROSS JOIN LATERAL (SELECT %(first)s::timestamptz + n * interval '1 hour' AS at) AS came
    RETURNING id, country, created_at, substr(name, 8)::int AS n
), looked AS (
    INSERT INTO leads_activity (workspace_id, lead_id, kind, occurred_at, received_at, source,
        medium, properties, is_machine)
    SELECT %(workspace)s, id, 'page_view', created_at + interval '10 days',
        created_at + interval '10 days', '', '', '{"path": "/pricing"}', false
    FROM made WHERE n %% 4 = 0
)
INSERT INTO leads_activity (workspace_id, lead_id, kind, occurred_at, received_at, source, medium,
    properties, is_machine)
SELECT %(workspace)s, id, 'stage_entered', created_at + interval '20 days',
    created_at + interval '20 days', '', '', '{"from": "lead", "to": "sql"}', false
FROM made
WHERE hashint4(n) & 15 < CASE WHEN n %% 4 = 0 THEN 6 ELSE 2 END * CASE country WHEN 'Greece' THEN 2
    ELSE 1 END
"""


def some_leads(count: int, *, first: datetime = NOW - 200 * A_DAY) -> None:
    """So many leads, one each hour, the first at this moment."""
    execute(LEADS, count=count, first=first)


def a_trained_model(by: Member, study: Study = STUDY) -> PredictiveModel:
    """Asked for and trained by the worker."""
    made = ask_training(study, by=by, now=NOW)
    drain()
    return PredictiveModel.objects.get(pk=made.pk)


def a_chosen_model(by: Member, study: Study = STUDY) -> PredictiveModel:
    """Trained, chosen, and worked out for all leads."""
    made = a_trained_model(by, study)
    choose_prediction(made, by=by, reason="Try it", now=NOW)
    drain()
    return PredictiveModel.objects.get(pk=made.pk)
