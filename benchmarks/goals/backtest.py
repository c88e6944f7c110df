"""A draft asked about the past of every lead; beside one statement that only reads the facts."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, in_turns, seconds
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.sql import execute, fetch
from leads.kinds import Kind
from scoring.actions.backtesting import start_back_test
from scoring.actions.drafting import discard_draft, start_draft
from scoring.cases import Study
from scoring.models import BackTest, ModelVersion

WAIT, WITHIN = 10, 10  # days
LATER = timedelta(days=WAIT + WITHIN + 2)  # the world's leads are of today; by then all are cases

G3F = Goal(
    "G3f",
    "a back-test of a draft beside the version in force, over every lead of the world as "
    "known ten days after it came, from asking to the kept result / counting these leads' facts "
    "up to then",
    floor=None,
    aim=None,
    unit="s",
    is_cost=True,
)

# Every tenth lead becomes an SQL within its time.
WON = """
INSERT INTO leads_activity (workspace_id, lead_id, kind, occurred_at, received_at, source, medium,
    properties, is_machine)
SELECT workspace_id, id, 'stage_entered', created_at + %(after)s, %(now)s, '', '',
    '{"to": "sql"}', false
FROM leads_lead
WHERE workspace_id = %(workspace)s AND abs(hashtext(id::text)) %% 10 = 0
"""
READ = """
SELECT lead.id, count(*) FROM leads_lead AS lead JOIN leads_activity AS fact
    ON fact.workspace_id = %(workspace)s AND fact.lead_id = lead.id
    AND fact.occurred_at <= lead.created_at + %(wait)s
WHERE lead.workspace_id = %(workspace)s GROUP BY 1
"""


class NotTold(Exception):
    """The back-test came to no figures, so there is nothing to measure."""


def the_past(world: World) -> Iterator[Outcome]:
    """The worker's steps, one after the other, in this process."""
    with inside(world.workspace.pk):
        now = timezone.now()
        execute(WON, now=now, after=timedelta(days=WAIT + WITHIN // 2))
        draft = start_draft(by=None, now=now)
        draft.rules.filter(condition__activity=Kind.FORM_SUBMITTED).update(points=40)

        def ours() -> float:
            return seconds(lambda: _tested(draft))

        def by_hand() -> float:
            return seconds(lambda: fetch(READ, wait=timedelta(days=WAIT)))

        yield Outcome(G3F, *in_turns(ours, by_hand))
        BackTest.objects.all().delete()
        discard_draft(draft)


def _tested(draft: ModelVersion) -> None:
    now = timezone.now() + LATER
    study = Study(now - timedelta(days=400), now, wait_days=WAIT, within_days=WITHIN)
    test = start_back_test(draft, study, by=None, now=now)
    drain_workspace()
    test.refresh_from_db()
    if "gap" not in test.result:
        raise NotTold(test.result or test.state)
