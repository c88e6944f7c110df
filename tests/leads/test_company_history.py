"""What we knew of a company before stays, with who changed it and through which door."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.companies import change_company
from leads.actions.firms import improve_companies
from leads.actions.profiles import Door
from leads.models import Company, CompanyChange, FieldKind, Subject, Via
from tests.builders import a_company, a_custom_field, a_key
from tests.clients import JsonClient, api_of, client_of
from tests.worlds import World

API = "/api/v1/companies/"


@pytest.fixture
def firm(world: World) -> Company:
    return a_company(name="Nordwind", city="Oslo", attributes={"fleet": 3})


def changed(firm: Company, **changes: Any) -> None:
    change_company(firm, changes=changes, now=timezone.now(), door=Door(Via.PERSON))


def kept() -> dict[str, tuple[Any, Any]]:
    return {each.field: (each.old, each.new) for each in CompanyChange.objects.all()}


def test_each_field_that_changes_is_kept(firm: Company, world: World) -> None:
    changed(firm, city="Bergen", attributes={"fleet": 4}, owner=world.rita, country=firm.country)
    assert kept() == {
        "city": ("Oslo", "Bergen"),
        "attributes.fleet": (3, 4),
        "owner": (None, str(world.rita.pk)),
    }


def test_what_files_tell_is_kept_with_the_file(firm: Company) -> None:
    door = Door(Via.IMPORT)
    said = {firm.pk: {"city": "Bergen", "employees": 12}}
    improve_companies(said, overwrite=True, door=door, now=timezone.now())
    assert kept() == {"city": ("Oslo", "Bergen"), "employees": (firm.employees, 12)}
    assert {each.via for each in CompanyChange.objects.all()} == {"import"}


def test_the_page_tells_it_in_words(firm: Company, rita: Member, ana: Member) -> None:
    field = a_custom_field("fleet", FieldKind.NUMBER, subject=Subject.COMPANY)
    edit = workspace_reverse("leads:company_edit", id=firm.pk)
    client_of(rita).post(edit, {"name": "Nordwind", "city": "Bergen", "owner": str(rita.pk)})
    page = workspace_reverse("leads:company_history", id=firm.pk)
    assert (
        page in client_of(ana).get(workspace_reverse("leads:company", id=firm.pk)).content.decode()
    )
    shown = client_of(ana).get(page).content.decode()
    for word in ("Oslo", "Bergen", rita.name, f"Changed by {rita.name}", field.label):
        assert word in shown, word


def test_a_foreign_company_has_no_history(gus: Member, ada: Member) -> None:
    with inside(gus.workspace_id):
        theirs = a_company()
    page = workspace_reverse("leads:company_history", id=theirs.pk)
    assert client_of(ada).get(page).status_code == 404


class TestIfMatch:
    """Two integrations that change one company at a time."""

    @pytest.fixture
    def api(self, ada: Member) -> JsonClient:
        return api_of(a_key(ada))

    def test_the_tag_one_read_lets_one_change(self, api: JsonClient, firm: Company) -> None:
        one = f"{API}{firm.pk}/"
        tag = api.get(one)["ETag"]
        answer = api.patch(one, {"city": "Bergen"}, HTTP_IF_MATCH=tag)
        assert (answer.status_code, answer.json()["city"]) == (200, "Bergen")
        assert answer["ETag"] != tag
        assert CompanyChange.objects.get().via == "api"

    def test_an_old_tag_is_refused(self, api: JsonClient, firm: Company) -> None:
        one = f"{API}{firm.pk}/"
        tag = api.get(one)["ETag"]
        change_company(firm, changes={"city": "Bergen"}, now=timezone.now() + timedelta(seconds=1))
        answer = api.patch(one, {"city": "Narvik"}, HTTP_IF_MATCH=tag)
        assert answer.status_code == 412
        assert Company.objects.get(pk=firm.pk).city == "Bergen"
