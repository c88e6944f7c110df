"""The small named world of the tests: two workspaces and the people in them.

Ask for `world`, or for anybody in it (`acme`, `rita` …): it is there, and the test stands inside
acme.
"""

from dataclasses import dataclass, field, fields
from uuid import NAMESPACE_DNS, UUID, uuid5

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Role, User, Workspace

ACME = UUID("01900000-0000-7000-8000-00000000acae")
GLOBEX = UUID("01900000-0000-7000-8000-000000061bec")


@dataclass
class World:
    """Who is who. `gus` is the only one in globex; `ana` looks at figures and changes nothing."""

    acme: Workspace = field(init=False)
    globex: Workspace = field(init=False)
    ada: Member = field(init=False)
    mara: Member = field(init=False)
    max: Member = field(init=False)
    rita: Member = field(init=False)
    rob: Member = field(init=False)
    ana: Member = field(init=False)
    gus: Member = field(init=False)


NAMES = tuple(each.name for each in fields(World))

PEOPLE = {
    ACME: {
        "ada": Role.ADMIN,
        "mara": Role.MARKETER,
        "max": Role.MANAGER,
        "rita": Role.REP,
        "rob": Role.REP,
        "ana": Role.ANALYST,
    },
    GLOBEX: {"gus": Role.ADMIN},
}


def make_world() -> World:
    """Two workspaces and seven people, in seven statements."""
    world = World()
    users = _make_users()
    world.acme = make_workspace(ACME, "acme")
    world.globex = make_workspace(GLOBEX, "globex")
    for workspace in (world.acme, world.globex):
        with inside(workspace.pk):
            for member in _make_members(workspace, users):
                setattr(world, member.name.lower(), member)
    return world


def make_workspace(workspace_id: UUID, slug: str) -> Workspace:
    """A bare workspace: nothing in it is set up."""
    with inside(workspace_id):
        return Workspace.objects.create(
            id=workspace_id,
            slug=slug,
            name=slug.capitalize(),
            time_zone="Europe/Athens",
            currency="EUR",
            site_key=f"site-{slug}",
        )


def _make_users() -> dict[str, User]:
    names = [name for people in PEOPLE.values() for name in people]
    users = [
        User(id=_id_of("user", name), email=f"{name}@example.com", name=name.capitalize())
        for name in names
    ]
    for user in users:
        user.set_unusable_password()
    return dict(zip(names, User.objects.bulk_create(users), strict=True))


def _make_members(workspace: Workspace, users: dict[str, User]) -> list[Member]:
    members = [
        Member(
            id=_id_of("member", name),
            workspace=workspace,
            user=users[name],
            name=name.capitalize(),
            role=role,
        )
        for name, role in PEOPLE[workspace.pk].items()
    ]
    return Member.objects.bulk_create(members)


def _id_of(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, f"{name}.{kind}")  # bulk_create does not read ids back
