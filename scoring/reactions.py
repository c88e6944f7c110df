"""What scoring does when something happened."""

from datetime import date, timedelta

from django.utils import timezone

from leadmgmt.workspaces.events import TimeZonesChanged, WorkspacesCreated
from leads.conditions import changes_of
from leads.events import (
    ActivitiesRecorded,
    CompaniesChanged,
    ConsentsChanged,
    LeadsChanged,
    LeadsCreated,
    TagsChanged,
)
from leads.queries.segments import people_of
from scoring.actions.backtesting import advance_back_tests
from scoring.actions.beside import rescore_all
from scoring.actions.chances import advance_refreshes, work_out_chances
from scoring.actions.foreseeing import advance_radii
from scoring.actions.publishing import recompute_model
from scoring.actions.recomputing import advance_recomputes
from scoring.actions.releasing import advance_releases
from scoring.actions.rescoring import NO_FACTS, live_scorers
from scoring.actions.simulating import advance_simulations
from scoring.actions.starting import publish_first_model
from scoring.actions.training import advance_trainings
from scoring.events import (
    BackTestsMoved,
    ChancesMoved,
    MeasurementsAdvanced,
    RadiiMoved,
    RecomputesAdvanced,
    ReleasesMoved,
    SimulationsMoved,
    TrainingsMoved,
)
from scoring.indicators.measuring import measure_further
from scoring.models import ChangeReason, ModelVersion

A_DAY = timedelta(days=1)  # a day of the workspace may begin on the day before in UTC


def begin_scoring(event: WorkspacesCreated) -> None:
    """A new workspace scores its leads from the first on."""
    publish_first_model(now=timezone.now())


def rescore_known(event: LeadsCreated | LeadsChanged) -> None:
    """What is known of leads has changed; their facts have not."""
    rescore_all(
        event.ids,
        now=timezone.now(),
        is_quiet=event.is_quiet,
        since=NO_FACTS,
        reason=ChangeReason.PROFILE,
    )


def rescore_sorted(event: TagsChanged | ConsentsChanged) -> None:
    """Leads wear other tags, or agreed to something else; profile rules may ask for both."""
    rescore_all(event.ids, now=timezone.now(), since=NO_FACTS, reason=ChangeReason.PROFILE)


def rescore_employed(event: CompaniesChanged) -> None:
    """What is known of companies has changed; rules may ask for it."""
    if any(scorer.is_touched_by(*changes_of(event)) for scorer in live_scorers()):
        rescore_all(
            people_of(event.ids),
            now=timezone.now(),
            since=NO_FACTS,
            reason=ChangeReason.PROFILE,
        )


def rescore_active(event: ActivitiesRecorded) -> None:
    """New facts may move a score, and so may facts that turn out to be a machine's."""
    since = date.fromisoformat(event.since_day) - A_DAY if event.since_day else None
    reason = ChangeReason.VERDICT if event.is_verdict else ChangeReason.FACT
    rescore_all(event.ids, now=timezone.now(), is_quiet=event.is_quiet, since=since, reason=reason)


def recount_days(event: TimeZonesChanged) -> None:
    """Days begin elsewhere now, so what happened on which day is counted anew."""
    for version in ModelVersion.objects.published().select_related("model"):
        recompute_model(version.model, by=None, now=timezone.now())


def advance(event: RecomputesAdvanced) -> None:
    """A recompute that has more to do goes on."""
    advance_recomputes(event.ids, now=timezone.now())


def release_further(event: ReleasesMoved) -> None:
    """A release lets the next leads go."""
    advance_releases(event.ids, now=timezone.now())


def foresee_further(event: RadiiMoved) -> None:
    """A blast radius that has more leads to look at goes on."""
    advance_radii(event.ids, now=timezone.now())


# Chances


def predict_known(event: LeadsCreated | LeadsChanged) -> None:
    """What is known of leads has changed, and with it their chance."""
    work_out_chances(event.ids, now=timezone.now(), is_quiet=event.is_quiet)


def predict_active(event: ActivitiesRecorded) -> None:
    """New facts may move a chance."""
    work_out_chances(event.ids, now=timezone.now(), is_quiet=event.is_quiet)


def train_further(event: TrainingsMoved) -> None:
    """A training takes its next step."""
    advance_trainings(event.ids, now=timezone.now())


def predict_further(event: ChancesMoved) -> None:
    """The chances of the next leads are worked out."""
    advance_refreshes(event.ids, now=timezone.now())


def count_further(event: MeasurementsAdvanced) -> None:
    """A measurement that has more cases to look at goes on."""
    measure_further(event.ids, now=timezone.now())


# Rehearsals


def simulate_further(event: SimulationsMoved) -> None:
    """A simulation works out the next leads."""
    advance_simulations(event.ids, now=timezone.now())


def back_test_further(event: BackTestsMoved) -> None:
    """A back-test takes its next step."""
    advance_back_tests(event.ids, now=timezone.now())
