"""What sales has under way today: the queue in its order, words to marketing, leads put aside."""

from datetime import datetime, timedelta
from uuid import UUID

from funnel.actions.arranging import arrange_queue
from funnel.actions.qualifying import save_qualification
from funnel.actions.snoozing import snooze_lead
from funnel.actions.working import log_attempt
from leadmgmt.demo import cast
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import Lead, Stage

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
IN_QUEUE = (
    "SELECT id FROM leads_lead WHERE workspace_id = %(workspace)s AND stage IN ('mql', 'sql')"
)

# The playbook's reason beside the rep's own words.
REASONS = ("wrong_person", "wrong_firm", "wrong_firm", "no_contact")
REJECTED_FOR = dict(zip(cast.REJECTED_REASONS, REASONS, strict=True))

# What became of each MQL of the year says what sales thought of it.
DISPOSITIONS = """
INSERT INTO funnel_disposition (workspace_id, lead_id, kind, reason, words, made_at, definition_id,
    score_version_id, cycle, by_id, decided_at)
SELECT mql.workspace_id, mql.lead_id, said.kind,
    CASE said.kind WHEN 'accepted' THEN 'qualified' WHEN 'recycled'
        THEN (ARRAY['no_budget_yet', 'no_time_yet', 'under_contract', 'silent'])[1 + said.dice %% 4]
        ELSE coalesce((%(reasons)s::jsonb)->>next.reason, 'not_interested') END,
    CASE said.kind WHEN 'accepted' THEN '' ELSE next.reason END,
    mql.moved_at, mql.definition_id, version.id, mql.cycle, next.by_id, next.moved_at
FROM funnel_stagemove AS mql
JOIN LATERAL (
    SELECT * FROM funnel_stagemove AS after
    WHERE after.workspace_id = mql.workspace_id AND after.lead_id = mql.lead_id
      AND after.moved_at > mql.moved_at ORDER BY after.moved_at LIMIT 1
) AS next ON next.by_id IS NOT NULL
CROSS JOIN LATERAL (
    SELECT abs(hashtext(mql.lead_id::text)) AS dice, CASE next.to_stage WHEN 'sql' THEN 'accepted'
        WHEN 'nurturing' THEN 'recycled' ELSE 'rejected' END AS kind
) AS said
LEFT JOIN LATERAL (
    SELECT version.id FROM scoring_modelversion AS version
    JOIN scoring_scoremodel AS model
        ON model.workspace_id = version.workspace_id AND model.id = version.model_id
    WHERE version.workspace_id = mql.workspace_id AND model.purpose = 'main'
      AND version.number IS NOT NULL AND version.published_at <= mql.moved_at
    ORDER BY version.number DESC LIMIT 1
) AS version ON true
WHERE mql.workspace_id = %(workspace)s AND mql.to_stage = 'mql'
ON CONFLICT (workspace_id, lead_id, made_at) DO NOTHING
"""


def sell_on(*, now: datetime) -> None:
    """Put the queue in its order, and let the reps be in the middle of their work."""
    execute(DISPOSITIONS, reasons=as_jsonb(REJECTED_FOR))
    ids: list[UUID] = [row[0] for row in fetch(IN_QUEUE)]
    arrange_queue(ids)
    held = Lead.objects.filter(stage=Stage.MQL, owner__isnull=False).select_related("owner")
    for number, lead in enumerate(held.order_by("-stage_entered_at", "id")[:12]):
        _work_on(lead, number, now)


def _work_on(lead: Lead, number: int, now: datetime) -> None:
    if number % 4 == 0:
        until = (now + (2 + number) * DAY).replace(minute=0, second=0, microsecond=0)
        snooze_lead(lead, until=until, reason="On holiday", by=lead.owner, now=now)
    elif number % 4 == 1:
        log_attempt(
            lead, kind="call", outcome="no_answer", next_step="Call again",
            next_step_at=now + (20 + number) * HOUR, by=lead.owner, now=now - HOUR,
        )  # fmt: skip
    elif number % 4 == 2:
        answers = {
            "need": {"answer": "yes", "note": "Loses two hours a day on the phone"},
            "budget": {"answer": "partly", "note": "Asks the board in two weeks"},
        }
        told = {"answers": answers, "spoken_to": lead.name, "worth": 8_000_00 + number * 1_500_00}
        save_qualification(lead, told, by=lead.owner, now=now - 2 * HOUR)  # type: ignore[arg-type]
