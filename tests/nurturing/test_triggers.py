"""What enrols leads by itself, and what takes them out again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from capture.events import FormsSubmitted
from capture.models import Form
from funnel.events import StagesEntered
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from nurturing.actions.starting import start_sequences
from nurturing.models import Enrolment, Sequence
from tests.builders import a_lead, a_sequence, a_user
from tests.clients import drain

pytestmark = pytest.mark.usefixtures("world")


def enter(lead: Lead, stage: str, *, is_quiet: bool = False) -> None:
    with transaction.atomic():
        publish(StagesEntered((lead.pk,), stage=stage, is_quiet=is_quiet))
    drain()


def states() -> list[tuple[str, str]]:
    return list(Enrolment.objects.order_by("id").values_list("state", "reason"))


def test_entering_the_stage_enrols() -> None:
    a_sequence("Hi", trigger="stage", trigger_stage="nurturing")
    a_sequence("Not this", trigger="stage", trigger_stage="customer")
    a_sequence("Paused", trigger="stage", trigger_stage="nurturing", is_active=False)
    lead = a_lead()
    enter(lead, "nurturing")
    enter(lead, "nurturing")
    assert [each.sequence.trigger_stage for each in Enrolment.objects.all()] == ["nurturing"]


def test_a_quiet_move_enrols_nobody_but_still_takes_out() -> None:
    a_sequence("Hi", timedelta(days=1), "More", trigger="stage", trigger_stage="nurturing")
    lead = a_lead()
    enter(lead, "nurturing", is_quiet=True)
    assert states() == []
    enter(lead, "nurturing")
    enter(lead, "customer", is_quiet=True)
    assert states() == [("left", "moved_on")]


def test_sending_the_form_enrols() -> None:
    form = Form.objects.create(name="Contact", token="t" * 20)
    other = Form.objects.create(name="Other", token="o" * 20)
    a_sequence("This", name="This", trigger="form", trigger_form=form)
    a_sequence("Any", name="Any", trigger="form")
    a_sequence("Other", name="Other", trigger="form", trigger_form=other)
    with transaction.atomic():
        publish(FormsSubmitted((a_lead().pk,), form=str(form.pk)))
    drain()
    names = Enrolment.objects.values_list("sequence__name", flat=True)
    assert sorted(names) == ["Any", "This"]


def test_a_new_workspace_finds_a_sequence_that_sends_nothing_yet(ada: Member) -> None:
    from leadmgmt.kernel.context import inside

    workspace = create_workspace("Fresh", by=a_user())
    with inside(workspace.pk):
        sequence = Sequence.objects.get()
        assert (sequence.name, sequence.is_active) == ("Keep in touch", False)
        kinds = sequence.versions.get(state="published").steps.values_list("kind", flat=True)
        assert list(kinds) == ["email", "wait", "email"]


def test_the_first_sequence_can_start_at_once() -> None:
    sequence = start_sequences(now=timezone.now(), is_active=True)
    sequence.refresh_from_db()
    enter(a_lead(), "nurturing")
    assert Enrolment.objects.get().sequence == sequence
