"""The demo workspace: made in sets, all or nothing, and true to the rules of every app."""

from datetime import UTC, datetime

from django.db.models import F, Sum
from django.utils import timezone

from capture.models import Import
from funnel.models import (
    ChecklistItem,
    Deal,
    ItemState,
    Product,
    Renewal,
    RenewalState,
    StageMove,
    Training,
    Wait,
)
from funnel.routing.giving import route_waiting
from leadmgmt.demo.foresight import ENOUGH
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import (
    Activity,
    Attachment,
    BulkAction,
    Company,
    CustomField,
    Duplicate,
    FieldKind,
    Lead,
    Persona,
    RemovedLead,
    RetentionRule,
    Segment,
    Subject,
    Tag,
    Task,
)
from leads.queries.privacy import trial_of
from nurturing.models import Message
from scoring.indicators.telling import list_told
from scoring.models import (
    BackTest,
    IndicatorList,
    LeadScore,
    ModelScore,
    PredictiveModel,
    ScoreChange,
)
from sla.models import Clock
from tests.clients import drain

LEADS = 120


def test_every_noun_has_rows(demo: Workspace) -> None:
    with inside(demo.pk):
        assert Lead.objects.count() == 120
        for model in (Activity, Clock, Company, Deal, Member, Message, StageMove):
            assert model.objects.exists(), model


def test_people_have_something_to_do(demo: Workspace) -> None:
    with inside(demo.pk):
        assert Task.objects.filter(done_at=None).exists()
        assert Task.objects.filter(done_at__isnull=False).exists()
        assert Activity.objects.filter(kind="note", properties__has_key="mentions").exists()
        assert Attachment.objects.exists()


def test_nobody_is_ahead_of_their_time(demo: Workspace) -> None:
    with inside(demo.pk):
        now = datetime.now(UTC)
        assert not Activity.objects.filter(occurred_at__gt=now).exists()
        assert not StageMove.objects.filter(moved_at__gt=now).exists()


def test_scores_are_what_the_rules_give(demo: Workspace) -> None:
    with inside(demo.pk):
        for row in LeadScore.objects.all():
            assert row.value == sum(row.points)


def test_each_score_says_how_it_came_about(demo: Workspace) -> None:
    with inside(demo.pk):
        for score in ModelScore.objects.select_related("model"):
            changes = ScoreChange.objects.filter(lead_id=score.lead_id).of(score.model)
            last = changes.order_by("-at", "-id").first()
            assert last is not None, score.model
            assert (last.new_score, last.new_grade) == (score.value, score.grade)
        assert {each.model.purpose for each in ModelScore.objects.select_related("model")} == {
            "fit",
            "product",
        }


def test_the_stage_of_a_lead_is_where_its_last_move_led(demo: Workspace) -> None:
    with inside(demo.pk):
        last = dict(StageMove.objects.order_by("moved_at").values_list("lead_id", "to_stage"))
        stages = dict(Lead.objects.values_list("pk", "stage"))
        assert {lead_id: stages[lead_id] for lead_id in last} == last


def test_customers_have_bought_and_buyers_are_customers(demo: Workspace) -> None:
    with inside(demo.pk):
        buyers = set(Deal.objects.won().values_list("lead_id", flat=True))
        customers = set(Lead.objects.filter(stage="customer").values_list("pk", flat=True))
        assert buyers == customers != set()


def test_most_deals_say_what_they_are_made_of_to_the_cent(demo: Workspace) -> None:
    with inside(demo.pk):
        assert Product.objects.in_use().count() == 12
        deals = Deal.objects.annotate(sold=Sum("lines__amount"), left=Sum("lines__margin"))
        made = deals.exclude(sold=None)
        assert deals.filter(sold=None).count() == -(-deals.count() // 7)
        assert made.exists()
        assert not made.exclude(amount=F("sold"), margin=F("left")).exists()


def test_nobody_waits_whose_score_makes_an_mql(demo: Workspace) -> None:
    with inside(demo.pk):
        never_called = Lead.objects.filter(stage="lead", highest_stage="lead")
        assert never_called.exists()
        assert not never_called.filter(score__gte=ENOUGH).exists()


def test_groups_have_members_and_nothing_is_left_to_do(demo: Workspace) -> None:
    with inside(demo.pk):
        assert not Segment.objects.filter(is_stale=True).exists()
        assert Segment.objects.filter(size=0).count() <= 1
        assert Segment.objects.exclude(retired_at=None).count() == 1
        assert Persona.objects.count() == 2


def test_more_is_known_than_everybody_asks(demo: Workspace) -> None:
    with inside(demo.pk):
        used = CustomField.objects.filter(retired_at=None)
        assert set(used.values_list("kind", flat=True)) == set(FieldKind.values) - {FieldKind.TEXT}
        for subject, model in ((Subject.LEAD, Lead), (Subject.COMPANY, Company)):
            for key in used.filter(subject=subject).values_list("key", flat=True):
                assert model.objects.filter(attributes__has_key=key).exists(), key
        assert Tag.objects.filter(lead_tags__isnull=False).distinct().count() >= 3
        assert Company.objects.filter(owner__isnull=False).exists()


def test_a_rule_of_keeping_waits_for_somebody_to_switch_it_on(demo: Workspace) -> None:
    with inside(demo.pk):
        rule = RetentionRule.objects.get()
        assert not rule.is_on
        assert rule.ran_at is None
        assert trial_of(rule, now=datetime.now(UTC)).problem == ""


def test_few_people_came_twice(demo: Workspace) -> None:
    with inside(demo.pk):
        assert Duplicate.objects.count() < 10


def test_what_the_firm_believes_is_published_and_measured(demo: Workspace) -> None:
    with inside(demo.pk):
        told = list_told(IndicatorList.objects.published().get())
        assert len(told.indicators) == 4
        assert told.running is None
        assert all(each.comparison for each in told.indicators)
        assert Segment.objects.filter(keeper="indicators", size__gt=0).count() >= 3


def test_customers_are_looked_after(demo: Workspace) -> None:
    with inside(demo.pk):
        for state in ItemState.values:
            assert ChecklistItem.objects.filter(state=state).exists(), state
        assert Renewal.objects.planned().filter(remind_on__isnull=False).exists()
        assert Renewal.objects.filter(state=RenewalState.LOST).exists()
        assert Training.objects.filter(done_at__isnull=False).exists()
        assert not Training.objects.filter(given_at__gt=timezone.now()).exists()


def test_two_leads_wait_and_the_others_stay_in_the_pool(demo: Workspace) -> None:
    with inside(demo.pk):
        pool = Lead.objects.filter(stage="mql", owner=None)
        before = pool.count()
        assert list(Wait.objects.true().values_list("lack", flat=True)) == ["nobody"] * 2
        assert before > 2
        assert route_waiting(now=datetime.now(UTC)).given == 0
        assert (pool.count(), Wait.objects.true().count()) == (before, 2)


def test_what_people_have_set_going_ends_well(demo: Workspace) -> None:
    drain()
    with inside(demo.pk):
        done = Import.objects.get()
        counts = (done.created, done.updated, done.rejected)
        assert (done.status, counts) == ("done", (7, 1, 2))
        bulk = BulkAction.objects.get()
        assert (bulk.status, bulk.changed) == ("done", bulk.total)
        assert BackTest.objects.get().state == "done"
        assert PredictiveModel.objects.get().state == "refused"  # of so few leads
        assert RemovedLead.objects.count() == 2
        assert Lead.objects.count() == 127
