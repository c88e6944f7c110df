"""Onboarding steps: shaped by managers, read by everybody."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.care.catalogue import CannotSaveCare
from funnel.care.steps import (
    USUAL,
    add_step,
    change_step,
    restore_step,
    retire_step,
    shift_step,
    start_steps,
)
from funnel.models import OnboardingStep
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_key, a_training_content, an_onboarding_step
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")


def names() -> list[str]:
    rows = OnboardingStep.objects.in_use().order_by("position", "id")
    return list(rows.values_list("name", flat=True))


def test_the_usual_steps_are_given_once() -> None:
    assert [start_steps(), start_steps()] == [len(USUAL), 0]
    assert names()[0] == "Welcome call"


def test_a_step_needs_a_name_of_its_own_and_days_in_range() -> None:
    add_step(name=" Welcome  call ")
    with pytest.raises(CannotSaveCare, match="“Welcome call” is there already"):
        add_step(name="Welcome call")
    with pytest.raises(CannotSaveCare, match="needs a name"):
        add_step(name=" ")
    with pytest.raises(CannotSaveCare, match="allowed are 0 to 730"):
        add_step(name="Late", due_days=731)
    with pytest.raises(CannotSaveCare, match="choose from owner, manager, customer"):
        add_step(name="Whose", doer="nobody")
    assert names() == ["Welcome call"]


def test_steps_change_place_and_name() -> None:
    first, second, third = (an_onboarding_step(name=name) for name in "abc")
    shift_step(third, to=0)
    assert names() == ["c", "a", "b"]
    shift_step(third, to=99)
    assert names() == ["a", "b", "c"]
    change_step(first, changes={"name": "d", "due_days": 0})
    with pytest.raises(CannotSaveCare, match="“b” is there already"):
        change_step(first, changes={"name": second.name})
    assert OnboardingStep.objects.get(pk=first.pk).due_days == 0


def test_a_retired_step_comes_back_at_the_end() -> None:
    first = an_onboarding_step(name="a")
    an_onboarding_step(name="b")
    retire_step(first, now=timezone.now())
    assert names() == ["b"]
    for _ in range(2):
        restore_step(first)
    assert names() == ["b", "a"]


def test_managers_shape_the_list_on_its_page(max: Member) -> None:
    browser, page = client_of(max), workspace_reverse("funnel:onboarding")
    assert "Start with five usual steps" in browser.get(page).content.decode()
    browser.post(workspace_reverse("funnel:onboarding_start"))
    told = {"name": "Invoice", "due_days": 20, "doer": "owner", "hint": "Sent and understood"}
    browser.post(workspace_reverse("funnel:onboarding_step_add"), told)
    step = OnboardingStep.objects.get(name="Invoice")
    browser.post(workspace_reverse("funnel:onboarding_step_shift", id=step.pk), {"to": "up"})
    assert names()[-2:] == ["Invoice", "Look back"]
    told |= {"name": "Welcome call"}
    answer = browser.post(workspace_reverse("funnel:onboarding_step", id=step.pk), told)
    assert (answer.status_code, "is there already" in answer.content.decode()) == (422, True)
    browser.post(workspace_reverse("funnel:onboarding_step_switch", id=step.pk))
    assert "Invoice" not in names()
    assert "Invoice" in browser.get(page).content.decode()


def test_reps_and_marketers_read_only(rita: Member, mara: Member) -> None:
    step = an_onboarding_step(name="Welcome call")
    a_training_content(title="First steps", step=step)
    for member in (rita, mara):
        browser = client_of(member)
        page = browser.get(workspace_reverse("funnel:onboarding")).content.decode()
        assert "First steps" in page
        assert "Add step" not in page
        answer = browser.post(workspace_reverse("funnel:onboarding_step_switch", id=step.pk))
        assert answer.status_code == 403
    assert names() == ["Welcome call"]


def test_the_page_asks_no_more_for_more_steps(rita: Member, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        a_training_content(step=an_onboarding_step())
    browser, page = client_of(rita), workspace_reverse("funnel:onboarding")
    browser.get(page)
    with django_assert_num_queries(5):
        browser.get(page)


def test_the_api_does_the_same(ada: Member) -> None:
    api = api_of(a_key(ada))
    made = api.post("/api/v1/onboarding-steps/", {"name": "Welcome call", "due_days": 2}).json()
    an_onboarding_step(name="b")
    path = f"/api/v1/onboarding-steps/{made['id']}/"
    assert api.patch(path, {"position": 1, "doer": "customer"}).json()["doer"] == "customer"
    assert names() == ["b", "Welcome call"]
    assert api.patch(path, {"is_retired": True}).json()["retired_at"]
    assert api.patch(path, {"name": "b"}).status_code == 422
    assert api.patch(path, {"colour": "red"}).status_code == 422
