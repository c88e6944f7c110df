"""In whatever order things happen: the narrow copy of other scores, and its history, are right."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.actions.cycles import InCycle, set_cycles
from leads.models import Lead
from scoring.actions.beside import rescore_all, rescore_due_all
from scoring.actions.cycles import Carried, start_scores
from scoring.actions.models import add_model
from scoring.actions.rescoring import NO_FACTS
from scoring.models import LeadScore, ModelScore, Rule, ScoreChange, ScoreModel
from tests.builders import a_lead, an_activity
from tests.scoring.builders import a_behaviour_rule, a_profile_rule, a_published_model
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOLD = ("model", "lead", "value", "grade", "lead_class")
STEPS = ("fact", "late", "country", "days", "cycle", "fit", "product")


class Happening:
    """Three leads with a score for fit and for a product, to whom things happen."""

    def __init__(self, world: World) -> None:
        self.now, self.by = NOW, world.ada
        self.leads = [a_lead(country="India") for _ in range(3)]
        self.models = {each: add_model(purpose=each, name=each, now=NOW) for each in STEPS[-2:]}
        for model in self.models.values():
            self.publish(model, a_profile_rule(40), a_behaviour_rule(7, window_days=2))

    def publish(self, model: ScoreModel, *rules: Rule) -> None:
        a_published_model(*rules, by=self.by, now=self.now, model=model)

    def step(self, name: str, number: int) -> None:
        self.now += DAY / 2
        if model := self.models.get(name):
            self.publish(model, a_profile_rule(number + 1), a_behaviour_rule(3))
        else:
            getattr(self, name)(self.leads[number])

    def fact(self, lead: Lead) -> None:
        an_activity(lead, properties={"path": "/pricing"}, occurred_at=self.now)
        rescore_all([lead.pk], now=self.now)

    def late(self, lead: Lead) -> None:
        """It happened while another version may have served."""
        at = self.now - 3 * DAY / 2
        an_activity(lead, properties={"path": "/pricing"}, occurred_at=at)
        rescore_all([lead.pk], now=self.now)

    def country(self, lead: Lead) -> None:
        lead.refresh_from_db()
        other = "Greece" if lead.country == "India" else "India"
        Lead.objects.filter(pk=lead.pk).update(country=other)
        rescore_all([lead.pk], now=self.now, since=NO_FACTS)

    def days(self, lead: Lead) -> None:
        self.now += 2 * DAY
        rescore_due_all(now=self.now)

    def cycle(self, lead: Lead) -> None:
        lead.refresh_from_db()
        set_cycles([InCycle(lead.pk, lead.cycle + 1, self.now)])
        start_scores([lead.pk], Carried("share", 50), now=self.now)


@settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=12))
def test_the_copy_and_its_history_are_the_score(steps: list[tuple[str, int]], world: World) -> None:
    with transaction.atomic():
        going = Happening(world)
        for name, number in steps:
            going.step(name, number)

        exact = LeadScore.objects.exclude(version__model__purpose="main")
        in_force = exact.filter(version__state="published").values_list("version__model", *TOLD[1:])
        kept = list(ModelScore.objects.values_list(*TOLD))
        assert sorted(map(str, kept)) == sorted(map(str, in_force))
        assert len(kept) == 6
        for model, lead, value, grade, lead_class in kept:
            history = ScoreChange.objects.filter(lead=lead, version__model=model)
            newest = history.latest("at", "id")
            assert (newest.new_score, newest.new_grade) == (value, grade)
            assert newest.new_class == lead_class
            moves = list(history.order_by("at", "id").values_list("old_score", "new_score"))
            assert [old for old, _new in moves[1:]] == [new for _old, new in moves[:-1]]
        transaction.set_rollback(True)


@pytest.mark.parametrize("purpose", ["fit", "product"])
def test_nothing_is_kept_of_the_main_score(world: World, purpose: str) -> None:
    lead = a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.ada, now=NOW)
    rescore_all([lead.pk], now=NOW)
    assert not ModelScore.objects.exists()
    model = add_model(purpose=purpose, name="Beside", now=NOW)
    a_published_model(a_profile_rule(40), by=world.ada, now=NOW, model=model)
    assert list(ModelScore.objects.values_list("model", "value")) == [(model.pk, 40)]
