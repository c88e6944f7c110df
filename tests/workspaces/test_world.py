"""The small named world is what its description says."""

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Role, Workspace
from leads.models import Lead
from tests.builders import a_key, a_lead, a_member
from tests.clients import drain
from tests.worlds import World


def test_the_test_stands_inside_acme(acme: Workspace, gus: Member) -> None:
    lead = a_lead()
    assert lead.workspace_id == acme.pk
    with inside(gus.workspace_id):
        assert not Lead.objects.exists()


def test_everybody_has_a_role(world: World) -> None:
    assert world.ada.role == Role.ADMIN
    assert {member.name for member in Member.objects.all()} == {
        "Ada", "Mara", "Max", "Rita", "Rob", "Ana",
    }  # fmt: skip


def test_builders_and_clients_work(ada: Member) -> None:
    assert a_member(Role.ANALYST).workspace_id == ada.workspace_id
    assert a_key(ada).secret.startswith("lm_")
    assert drain() == 0
