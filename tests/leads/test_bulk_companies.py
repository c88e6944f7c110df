"""One verb for many companies: done, taken back, on pages and over the API."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions import bulk as bulk_actions
from leads.actions.bulk import start_bulk, undo_bulk
from leads.actions.profiles import Door
from leads.actions.tagging import tag_called, tag_companies
from leads.bulk import verb_called
from leads.bulk.exporting import file_of
from leads.bulk.selecting import selection_of
from leads.models import (
    BulkAction,
    BulkStatus,
    Company,
    CompanyChange,
    CompanyTag,
    CustomField,
    Subject,
    Tag,
    Via,
)
from tests.builders import a_company, a_custom_field, a_key
from tests.clients import api_of, client_of, drain
from tests.worlds import World

API = "/api/v1/bulk-actions/"
ALL: dict[str, Any] = {"query": {}}


@pytest.fixture
def firms(world: World) -> list[Company]:
    """Three firms, one of them Rob's and Spanish."""
    made = [a_company(name=f"Firm {number}", domain=f"f{number}.example") for number in range(3)]
    Company.objects.filter(pk=made[0].pk).update(owner=world.rob, country="Spain", employees=9)
    return made


def _start(kind: str, parameters: dict[str, Any], selection: Any, by: Member) -> BulkAction:
    verb = verb_called(kind, Subject.COMPANY)
    assert verb is not None
    chosen = selection_of(selection, member=by, subject=Subject.COMPANY)
    return start_bulk(verb, parameters=parameters, selection=chosen, by=by, now=timezone.now())


def _said(field: str) -> list[Any]:
    return list(Company.objects.order_by("name").values_list(field, flat=True))


class TestVerbs:
    """Each does what it says, keeps it in the history of the company, and takes it back."""

    def test_owners_come_back(self, world: World, firms: list[Company]) -> None:
        bulk = _start("assign", {"owner": str(world.rita.pk)}, ALL, world.ada)
        drain()
        assert set(_said("owner_id")) == {world.rita.pk}
        kept = CompanyChange.objects.get(company=firms[0])
        assert (kept.field, kept.old, kept.new) == (
            *("owner", str(world.rob.pk), str(world.rita.pk)),
        )
        assert (kept.via, kept.via_id, kept.by_id) == ("bulk", bulk.pk, world.ada.pk)
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert _said("owner_id") == [world.rob.pk, None, None]
        bulk.refresh_from_db()
        assert (bulk.status, bulk.handled, bulk.skipped) == (BulkStatus.UNDONE, 3, 0)

    def test_who_has_left_is_given_nothing(self, world: World, firms: list[Company]) -> None:
        bulk = _start("assign", {"owner": str(world.rita.pk)}, ALL, world.ada)
        Member.objects.filter(pk=world.rita.pk).update(left_at=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert bulk.status == BulkStatus.FAILED
        assert "has left this workspace" in bulk.problem

    def test_who_has_left_meanwhile_gets_nothing_back(
        self, world: World, firms: list[Company]
    ) -> None:
        bulk = _start("assign", {"owner": str(world.rita.pk)}, ALL, world.ada)
        drain()
        Member.objects.filter(pk=world.rob.pk).update(left_at=timezone.now())
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert _said("owner_id") == [None, None, None]

    @pytest.mark.parametrize(
        ("field", "value", "before"),
        [("country", "Italy", ["Spain", "", ""]), ("employees", 70, [9, None, None])],
    )
    def test_a_field_is_set_and_what_was_changed_since_stays(
        self, world: World, firms: list[Company], field: str, value: Any, before: list[Any]
    ) -> None:
        bulk = _start("set_field", {"field": field, "value": value}, ALL, world.ada)
        drain()
        assert set(_said(field)) == {value}
        Company.objects.filter(pk=firms[2].pk).update(**{field: 5})
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert _said(field)[:2] == before[:2]
        assert str(_said(field)[2]) == "5"
        assert bulk.skipped == 1

    def test_a_field_of_the_workspace_is_set_and_forgotten(
        self, world: World, firms: list[Company]
    ) -> None:
        CustomField.objects.create(
            subject=Subject.COMPANY, key="tier", label="Tier", kind="text", position=0
        )
        told = {"field": "attributes.tier", "value": "gold"}
        bulk = _start("set_field", told, {"query": {"country": "Spain"}}, world.ada)
        drain()
        assert _said("attributes") == [{"tier": "gold"}, {}, {}]
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert _said("attributes") == [{}, {}, {}]

    def test_a_tag_goes_on_and_off_again(self, world: World, firms: list[Company]) -> None:
        tag_companies(
            [firms[0].pk], tag=tag_called("Partner"), door=Door(Via.API), now=timezone.now()
        )
        bulk = _start("tag", {"tag": "partner"}, ALL, world.ada)
        drain()
        bulk.refresh_from_db()
        assert (bulk.changed, CompanyTag.objects.count()) == (2, 3)
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert CompanyTag.objects.get().company_id == firms[0].pk
        kept = CompanyChange.objects.filter(company=firms[1]).order_by("id")
        assert [(each.field, each.old, each.new) for each in kept] == [
            ("tags", None, "Partner"),
            ("tags", "Partner", None),
        ]

    def test_a_tag_that_was_taken_off_comes_back(self, world: World, firms: list[Company]) -> None:
        door = Door(Via.API)
        tag_companies([firms[0].pk], tag=tag_called("Partner"), door=door, now=timezone.now())
        bulk = _start("untag", {"tag": "Partner"}, ALL, world.ada)
        drain()
        assert not CompanyTag.objects.exists()
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert CompanyTag.objects.get().company_id == firms[0].pk

    def test_a_tag_nobody_knows_is_not_made_to_be_taken_off(
        self, world: World, firms: list[Company]
    ) -> None:
        _start("untag", {"tag": "Parnter"}, ALL, world.ada)
        drain()
        assert not Tag.objects.exists()

    def test_an_export_has_a_line_a_company(self, world: World, firms: list[Company]) -> None:
        told = {"format": "csv", "columns": ["name", "employees", "people"]}
        bulk = _start("export", told, ALL, world.ada)
        drain()
        bulk.refresh_from_db()
        content, name, _type = file_of(bulk)
        lines = content.decode("utf-8-sig").splitlines()
        assert name == "companies.csv"
        assert len(lines) == 4
        assert "Firm 0,9,0" in lines

    def test_the_name_of_a_column_is_no_formula(self, world: World, firms: list[Company]) -> None:
        a_custom_field("tax", "text", subject="company", label="=1+1")
        bulk = _start("export", {"format": "csv", "columns": ["attributes.tax"]}, ALL, world.ada)
        drain()
        bulk.refresh_from_db()
        assert file_of(bulk)[0].decode("utf-8-sig").splitlines()[0] == "'=1+1"

    def test_chunks_handle_each_once_and_undo_each_once(
        self, world: World, firms: list[Company], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk_actions, "CHUNK", 2)
        bulk = _start("set_field", {"field": "city", "value": "Rome"}, ALL, world.ada)
        drain()
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert (bulk.changed, bulk.handled, bulk.skipped) == (3, 3, 0)
        assert set(_said("city")) == {""}

    def test_companies_of_others_are_not_meant(self, world: World, firms: list[Company]) -> None:
        with inside(world.globex.pk):
            theirs = a_company(name="Theirs")
        chosen = {"ids": [str(firms[0].pk), str(theirs.pk)]}
        bulk = _start("set_field", {"field": "city", "value": "Rome"}, chosen, world.ada)
        drain()
        bulk.refresh_from_db()
        assert (bulk.total, bulk.changed) == (1, 1)

    def test_leads_have_verbs_that_companies_have_not(self) -> None:
        assert verb_called("segment", Subject.COMPANY) is None
        assert verb_called("enrol", Subject.COMPANY) is None


class TestPages:
    """The bar above the list, the question, the page of what was done."""

    @pytest.fixture
    def mara_at(self, world: World) -> Client:
        return client_of(world.mara)

    def test_the_list_offers_what_the_role_may_do(self, world: World, firms: list[Company]) -> None:
        pages = [
            client_of(who).get(workspace_reverse("leads:company_list")).content.decode()
            for who in (world.mara, world.ana)
        ]
        assert 'name="verb" value="assign"' in pages[0]
        assert 'name="verb" value="tag"' in pages[0]
        assert 'name="verb" value="segment"' not in pages[0]
        assert f'name="ids" value="{firms[0].pk}"' in pages[0]
        assert 'name="verb" value="assign"' not in pages[1]
        assert 'name="verb" value="export"' in pages[1]

    def test_ticked_companies_are_given_to_somebody(
        self, world: World, mara_at: Client, firms: list[Company]
    ) -> None:
        new, ticked = workspace_reverse("leads:bulk_new"), str(firms[1].pk)
        said = {"subject": "company", "verb": "assign", "ids": ticked}
        asked = mara_at.get(new, said).content.decode()
        assert "For 1 company." in asked
        assert 'name="subject" value="company"' in asked
        done = mara_at.post(new, said | {"owner": str(world.rita.pk)})
        drain()
        assert _said("owner_id") == [world.rob.pk, world.rita.pk, None]
        page = mara_at.get(done.headers["Location"]).content.decode()
        assert "1 of 1 companies" in page
        assert "Give to Rita" in page

    def test_a_whole_list_is_meant_by_its_filters(
        self, mara_at: Client, firms: list[Company]
    ) -> None:
        said = {"subject": "company", "verb": "set_field", "all": "1", "list": "country=Spain"}
        new = workspace_reverse("leads:bulk_new")
        assert "Which field?" in mara_at.get(new, said).content.decode()
        mara_at.post(new, said | {"field": "city", "value": "Vigo"})
        drain()
        assert _said("city") == ["Vigo", "", ""]

    @pytest.mark.parametrize("subject", ["person", "", "company\0"])
    def test_nothing_is_done_to_what_there_is_not(self, mara_at: Client, subject: str) -> None:
        said = {"subject": subject, "verb": "assign", "all": "1"}
        assert mara_at.get(workspace_reverse("leads:bulk_new"), said).status_code == 404

    @pytest.mark.parametrize("value", ["-1", "x", str(2**31), "9" * 5_000])
    def test_a_value_that_cannot_be_right_is_refused(
        self, mara_at: Client, firms: list[Company], value: str
    ) -> None:
        said = {"subject": "company", "verb": "set_field", "all": "1", "field": "employees"}
        answer = mara_at.post(workspace_reverse("leads:bulk_new"), said | {"value": value})
        assert answer.status_code == 422
        assert not BulkAction.objects.exists()


def test_the_api_starts_watches_and_undoes(ada: Member, firms: list[Company]) -> None:
    api = api_of(a_key(ada))
    told = {"kind": "set_field", "parameters": {"field": "city", "value": "Rome"}}
    chosen = {"subject": "company", "selection": {"query": {"country": "Spain"}}}
    made = api.post(API, told | chosen)
    assert made.status_code == 201, made.content
    drain()
    one = f"{API}{made.json()['id']}/"
    assert (api.get(one).json()["subject"], api.get(one).json()["changed"]) == ("company", 1)
    assert api.post(f"{one}undo/", {}).status_code == 200
    drain()
    assert set(_said("city")) == {""}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kind": "segment"}, "kind"),
        ({"subject": "deal"}, "subject"),
        ({"subject": None}, "subject"),
    ],
)
def test_the_api_names_what_is_wrong(
    ada: Member, firms: list[Company], wrong: dict[str, object], named: str
) -> None:
    told = {
        "subject": "company",
        "kind": "assign",
        "parameters": {"owner": ""},
        "selection": ALL,
    }
    answer = api_of(a_key(ada)).post(API, told | wrong)
    assert answer.status_code == 422
    assert named in answer.content.decode()
