"""Creating a workspace, and what it is set to."""

import pytest

from leadmgmt.kernel import events
from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.workspaces.actions.workspaces import (
    CannotSetWorkspace,
    change_workspace,
    create_workspace,
)
from leadmgmt.workspaces.door import workspaces_of
from leadmgmt.workspaces.events import WorkspacesCreated
from leadmgmt.workspaces.models import Member, Role, Workspace
from tests.builders import a_user
from tests.worlds import World


def test_the_creator_becomes_the_admin(world: World) -> None:
    user = a_user(name="Nora")
    made = create_workspace("Initech", by=user, time_zone="Asia/Tokyo", currency="JPY")
    with inside(made.pk):
        member = Member.objects.get()
    assert (member.user_id, member.role, member.name) == (user.pk, Role.ADMIN, "Nora")
    assert workspaces_of(user.pk) == [("initech", "Initech")]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Acme", "acme-2"), ("Ακμή", "workspace"), ("A" * 90, "a" * 40), ("Ac & Me!", "ac-me")],
)
def test_the_address_is_free_and_readable(world: World, name: str, slug: str) -> None:
    assert create_workspace(name, by=a_user()).slug == slug


def test_everybody_is_told_inside_the_new_workspace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    react = events.now(lambda event: heard.append((event.ids, current_workspace_id())))
    monkeypatch.setattr(events, "_table", {WorkspacesCreated: [react]})
    made = create_workspace("Initech", by=a_user())
    assert heard == [((made.pk,), made.pk)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("time_zone", "Mars/Base"), ("currency", "XXQ"), ("currency", "eur")],
)
def test_what_does_not_exist_is_refused(acme: Workspace, field: str, value: str) -> None:
    settings = {"name": "Acme", "time_zone": "UTC", "currency": "EUR"} | {field: value}
    with pytest.raises(CannotSetWorkspace) as refused:
        change_workspace(acme, **settings)
    assert refused.value.field == field
    with pytest.raises(CannotSetWorkspace):
        create_workspace(by=a_user(), **settings)


def test_settings_are_changed(acme: Workspace) -> None:
    change_workspace(acme, name="Acme Ltd", time_zone="Europe/Kyiv", currency="UAH")
    acme.refresh_from_db()
    assert (acme.name, acme.time_zone, acme.currency) == ("Acme Ltd", "Europe/Kyiv", "UAH")
