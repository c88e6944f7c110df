"""The bar above the list, the question, and the page of a bulk action."""

import pytest
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import BulkAction, Company, Lead, LeadTag
from tests.builders import a_company, a_key, a_lead
from tests.clients import api_of, client_of, drain

API = "/api/v1/bulk-actions/"


@pytest.fixture
def mara_at(mara: Member) -> Client:
    return client_of(mara)


@pytest.fixture
def people(acme: Workspace) -> list[Lead]:
    """Two people."""
    return [a_lead(email="a@example.com"), a_lead(email="b@example.com")]


def _new(**said: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in said.items())
    return f"{workspace_reverse('leads:bulk_new')}?{query}"


def test_a_list_offers_what_the_role_may_do(people: list[Lead], mara: Member, ana: Member) -> None:
    lists = [
        client_of(who).get(workspace_reverse("leads:lead_list")).content.decode()
        for who in (mara, ana)
    ]
    assert 'name="verb" value="tag"' in lists[0]
    assert 'name="verb" value="tag"' not in lists[1]
    assert 'name="verb" value="export"' in lists[1]


def test_ticked_rows_are_tagged(mara_at: Client, people: list[Lead]) -> None:
    asked = mara_at.get(_new(verb="tag", ids=str(people[0].pk)))
    assert "For 1 lead." in asked.content.decode()
    done = mara_at.post(
        workspace_reverse("leads:bulk_new"),
        {"verb": "tag", "ids": [str(people[0].pk)], "tag": "VIP"},
    )
    drain()
    assert LeadTag.objects.get().lead_id == people[0].pk
    assert "Tag “VIP”" in mara_at.get(done.headers["Location"]).content.decode()


def test_without_ticked_rows_it_says_so(mara_at: Client, people: list[Lead]) -> None:
    answer = mara_at.get(_new(verb="tag"))
    assert "Choose at least one lead" in answer.content.decode()
    assert not BulkAction.objects.exists()


def test_the_whole_list_is_meant_by_its_filters(mara_at: Client, people: list[Lead]) -> None:
    Lead.objects.filter(pk=people[0].pk).update(country="Greece")
    said = {"verb": "tag", "all": "1", "list": "country=Greece", "tag": "south"}
    mara_at.post(workspace_reverse("leads:bulk_new"), said)
    drain()
    assert LeadTag.objects.get().lead_id == people[0].pk


def test_an_answer_that_is_missing_is_asked_for(mara_at: Client, people: list[Lead]) -> None:
    said = {"verb": "tag", "all": "1", "tag": ""}
    answer = mara_at.post(workspace_reverse("leads:bulk_new"), said)
    assert answer.status_code == 422


@pytest.mark.parametrize("subject", ["lead", "company"])
def test_an_owner_has_to_be_chosen_and_nobody_is_a_choice(
    mara_at: Client, rita: Member, people: list[Lead], subject: str
) -> None:
    a_company()
    new = workspace_reverse("leads:bulk_new")
    said = {"verb": "assign", "all": "1", "subject": subject}
    asked = mara_at.get(new, said).content.decode()
    assert '<option value="" selected>Choose…</option>' in asked
    refused = mara_at.post(new, said | {"owner": ""})
    assert refused.status_code == 422
    assert "“Nobody” takes their owner away." in refused.content.decode()
    assert not BulkAction.objects.exists()
    for model in (Lead, Company):
        model.objects.update(owner=rita)
    mara_at.post(new, said | {"owner": "nobody"})
    drain()
    left = Lead if subject == "lead" else Company
    assert not left.objects.exclude(owner=None).exists()


def test_a_rep_deletes_nobody_in_bulk(rita: Member, mara_at: Client, people: list[Lead]) -> None:
    assert client_of(rita).get(_new(verb="remove", all="1")).status_code == 404
    assert mara_at.get(_new(verb="remove", all="1")).status_code == 200


def test_an_export_is_for_who_made_it_and_for_admins(
    mara_at: Client, rita: Member, ada: Member, people: list[Lead]
) -> None:
    said = {"verb": "export", "all": "1", "format": "xlsx", "columns": ["name", "email"]}
    mara_at.post(workspace_reverse("leads:bulk_new"), said)
    drain()
    file = workspace_reverse("leads:bulk_export", id=BulkAction.objects.get().pk)
    assert mara_at.get(file).content[:2] == b"PK"
    assert client_of(ada).get(file).status_code == 200
    assert client_of(rita).get(file).status_code == 404


def test_the_api_starts_watches_and_undoes(ada: Member, people: list[Lead]) -> None:
    api = api_of(a_key(ada))
    ids = [str(lead.pk) for lead in people]
    told = {"kind": "tag", "parameters": {"tag": "x"}, "selection": {"ids": ids}}
    made = api.post(API, told)
    assert made.status_code == 201, made.content
    drain()
    one = f"{API}{made.json()['id']}/"
    assert api.get(one).json()["changed"] == 2
    assert api.post(f"{one}undo/", {}).status_code == 200
    drain()
    assert api.get(one).json()["status"] == "undone"
    assert not LeadTag.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kind": "dance"}, "kind"),
        ({"parameters": {}}, "parameters"),
        ({"selection": {"ids": []}}, "selection"),
        ({"selection": {"query": {"shoe": "4"}}}, "selection"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_the_api_names_what_is_wrong(
    ada: Member, people: list[Lead], wrong: dict[str, object], named: str
) -> None:
    told = {"kind": "tag", "parameters": {"tag": "x"}, "selection": {"query": {}}}
    answer = api_of(a_key(ada)).post(API, told | wrong)
    assert 400 <= answer.status_code < 500
    assert named in answer.content.decode()
    assert not BulkAction.objects.exists()


def test_a_foreign_bulk_action_does_not_exist(ada: Member, gus: Member) -> None:
    with inside(gus.workspace_id):
        theirs = BulkAction.objects.create(kind="tag", parameters={"tag": "x"})
    page = client_of(ada).get(workspace_reverse("leads:bulk", id=theirs.pk))
    assert page.status_code == 404


@pytest.mark.parametrize("subject", ["lead", "company"])
@pytest.mark.parametrize("odd", [["city"], {"city": 1}, None, 7, True, [["a"]]])
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("set_field", "field"),
        ("set_field", "value"),
        ("assign", "owner"),
        ("export", "columns"),
        ("export", "format"),
        ("tag", "tag"),
        ("segment", "segment"),
        ("stage", "stage"),
        ("enrol", "sequence"),
    ],
)
def test_odd_answers_over_the_api_are_no_fault(
    ada: Member, people: list[Lead], subject: str, odd: object, kind: str, asked: str
) -> None:
    known = {"field": "city", "value": "Rome", "format": "csv", "columns": ["name"]}
    told = {"subject": subject, "kind": kind, "parameters": known | {asked: odd}}
    answer = api_of(a_key(ada)).post(API, told | {"selection": {"query": {}}})
    assert answer.status_code < 500, answer.content
    drain()


@pytest.mark.parametrize("odd", [{"city": 1}, [["a"]], [{"a": 1}]])
def test_an_answer_is_no_object(ada: Member, people: list[Lead], odd: object) -> None:
    told = {"kind": "set_field", "parameters": {"field": "city", "value": odd}}
    answer = api_of(a_key(ada)).post(API, told | {"selection": {"query": {}}})
    assert answer.status_code == 422
    assert "value" in answer.content.decode()
    assert not BulkAction.objects.exists()
