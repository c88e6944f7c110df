"""A definition binds when marketing and sales have both approved it, by two people if there are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.agreeing import (
    CannotApprove,
    CannotApproveVersion,
    CannotPublishVersion,
    approve_version,
    withdraw_approval,
)
from funnel.actions.definitions import propose_change, publish_definition, start_funnel
from funnel.models import CompanyRule, Definition
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_user
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def draft(world: World) -> Definition:
    start_funnel(now=NOW)
    return propose(world.mara)


def propose(by: Member, **given: Any) -> Definition:
    told = {"stage": "mql", "explanation": "Fits and is keen", "reason": "Too many calls"}
    return propose_change(**told | given, by=by)


def approve(draft: Definition, side: str, by: Member, **rest: Any) -> Definition:
    approve_version(draft, side=side, by=by, now=NOW, **rest)
    draft.refresh_from_db()
    return draft


def test_both_names_and_dates_stand_on_what_binds(draft: Definition, world: World) -> None:
    approve(draft, "marketing", world.mara)
    with pytest.raises(CannotPublishVersion, match="not approved by sales yet"):
        publish_definition(draft, by=world.max, now=NOW)
    approve(draft, "sales", world.max)
    publish_definition(draft, by=world.max, now=NOW)
    bound = Definition.objects.published().get(stage="mql")
    assert (bound.marketing_by, bound.marketing_at) == (world.mara, NOW)
    assert (bound.sales_by, bound.sales_at) == (world.max, NOW)
    assert (bound.published_by, bound.version) == (world.max, 2)


@pytest.mark.parametrize(
    ("side", "name"), [("marketing", "max"), ("sales", "mara"), ("sales", "rita")]
)
def test_only_who_speaks_for_a_side_approves_for_it(
    draft: Definition, world: World, side: str, name: str
) -> None:
    with pytest.raises(CannotApprove, match=f"For {side} one of these may approve: admin"):
        approve(draft, side, getattr(world, name))
    assert len(draft.waits_for) == 2


def test_one_person_does_not_approve_for_both(draft: Definition, world: World) -> None:
    approve(draft, "marketing", world.ada)
    with pytest.raises(CannotApprove, match="Somebody else is to approve for sales"):
        approve(draft, "sales", world.ada)


def test_unless_nobody_else_could(draft: Definition, world: World) -> None:
    Member.objects.filter(pk=world.max.pk).update(left_at=NOW)
    approve(draft, "marketing", world.ada)
    assert approve(draft, "sales", world.ada).is_approved_by_one


def test_who_rewrites_a_draft_takes_its_approvals_off(draft: Definition, world: World) -> None:
    approve(draft, "marketing", world.mara)
    again = propose(world.mara, explanation="Fits")
    assert (again.pk, again.revision, len(again.waits_for)) == (draft.pk, 2, 2)


def test_nobody_approves_what_they_have_not_read(draft: Definition, world: World) -> None:
    propose(world.mara, explanation="Anybody")
    with pytest.raises(CannotApproveVersion, match="rewritten since you opened it"):
        approve(draft, "sales", world.max, revision=1)
    approve(draft, "sales", world.max, revision=2)


def test_the_first_approval_stays(draft: Definition, world: World) -> None:
    approve(draft, "marketing", world.mara)
    approve(draft, "marketing", world.ada)
    assert draft.marketing_by == world.mara


def test_an_approval_is_taken_back(draft: Definition, world: World) -> None:
    approve(draft, "sales", world.max)
    with pytest.raises(CannotApprove):
        withdraw_approval(draft, side="sales", by=world.mara)
    withdraw_approval(draft, side="sales", by=world.max)
    draft.refresh_from_db()
    assert draft.sales_at is None


def test_what_binds_is_not_approved_any_more(draft: Definition, world: World) -> None:
    bound = Definition.objects.published().get(stage="sql")
    with pytest.raises(CannotApproveVersion, match="no proposal any more"):
        approve(bound, "sales", world.max)


def test_a_new_workspace_begins_with_what_its_founder_approved(db: None) -> None:
    workspace: Workspace = create_workspace("Nord", by=a_user(name="Nina"))
    with inside(workspace.pk):
        found = [*Definition.objects.with_people(), *CompanyRule.objects.with_people()]
    assert len(found) == 7
    assert {(str(each.marketing_by), str(each.sales_by)) for each in found} == {("Nina", "Nina")}
    assert all(each.marketing_at and each.sales_at for each in found)
