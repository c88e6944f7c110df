"""Tags on leads and companies: put on and taken off by hand, seen, filtered by, over the API."""

from typing import Any

import pytest
from django.test import Client

from leadmgmt.kernel.context import inside
from leads.models import Company, CompanyChange, CompanyTag, Lead, LeadTag, Tag
from tests.builders import a_company, a_key, a_lead
from tests.clients import api_of, client_of
from tests.worlds import World

Worn = LeadTag | CompanyTag


@pytest.fixture
def ann(world: World) -> Lead:
    """A lead."""
    return a_lead(name="Ann", email="ann@nord.example")


@pytest.fixture
def firm(world: World) -> Company:
    """A company."""
    return a_company(name="Nord", domain="nord.example")


@pytest.fixture
def rita_at(world: World) -> Client:
    return client_of(world.rita)


@pytest.fixture(params=["leads", "companies"])
def of(request: pytest.FixtureRequest, ann: Lead, firm: Company) -> tuple[str, str]:
    """Where one of them is, on pages and over the API."""
    one = ann if request.param == "leads" else firm
    return f"/w/acme/{request.param}/{one.pk}/", f"/api/v1/{request.param}/{one.pk}/"


def test_a_tag_is_put_on_and_seen(rita_at: Client, of: tuple[str, str]) -> None:
    page = rita_at.post(f"{of[0]}tag/", {"tag": "  Fair 2026 "}, follow=True).content.decode()
    assert "Tag “Fair 2026” put on." in page
    tag = Tag.objects.get()
    assert f'?tag={tag.pk}">Fair 2026</a>' in page


def test_capitals_make_no_other_tag(rita_at: Client, of: tuple[str, str]) -> None:
    for name in ("Partner", "PARTNER", "partner"):
        rita_at.post(f"{of[0]}tag/", {"tag": name})
    assert LeadTag.objects.count() + CompanyTag.objects.count() == 1


def test_what_was_taken_off_is_put_back_by_undo(rita_at: Client, of: tuple[str, str]) -> None:
    rita_at.post(f"{of[0]}tag/", {"tag": "Partner"})
    rita_at.post(f"{of[0]}tag/", {"tag": "Partner", "off": "1"})
    assert not LeadTag.objects.exists()
    assert not CompanyTag.objects.exists()
    rita_at.post(f"{of[0]}tag/?tag=Partner")  # as the toast of undo does
    assert LeadTag.objects.count() + CompanyTag.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 61, "a\0b"])
def test_a_name_that_is_none_is_refused(rita_at: Client, of: tuple[str, str], wrong: str) -> None:
    rita_at.post(f"{of[0]}tag/", {"tag": wrong})
    assert not Tag.objects.exists()


def test_who_only_looks_sees_them_and_changes_nothing(world: World, of: tuple[str, str]) -> None:
    client_of(world.rita).post(f"{of[0]}tag/", {"tag": "Partner"})
    looking = client_of(world.ana)
    page = looking.get(of[0]).content.decode()
    assert "Partner" in page
    assert "Take off Partner" not in page
    assert looking.post(f"{of[0]}tag/", {"tag": "Partner", "off": "1"}).status_code == 403


def test_the_history_of_a_company_tells_who(rita_at: Client, firm: Company, world: World) -> None:
    rita_at.post(f"/w/acme/companies/{firm.pk}/tag/", {"tag": "Partner"})
    kept = CompanyChange.objects.get()
    assert (kept.field, kept.old, kept.new, kept.by_id) == ("tags", None, "Partner", world.rita.pk)
    page = rita_at.get(f"/w/acme/companies/{firm.pk}/history/").content.decode()
    assert "Partner" in page


def test_lists_show_them_and_are_narrowed_by_them(rita_at: Client, of: tuple[str, str]) -> None:
    rita_at.post(f"{of[0]}tag/", {"tag": "Partner"})
    a_lead(name="Bob")
    a_company(name="Other")
    where = of[0].rsplit("/", 2)[0]
    answer = rita_at.get(f"{where}/?columns=tags&tag={Tag.objects.get().pk}&panel=filters")
    (row,) = answer.context["page"].rows
    assert row.values == ["Partner"]
    facet = next(each for each in answer.context["facets"] if each["label"] == "Tag")
    assert [each["label"] for each in facet["values"]] == ["Partner"]


def test_the_api_puts_on_and_takes_off(world: World, of: tuple[str, str]) -> None:
    api = api_of(a_key(world.ada))
    assert api.get(of[1]).json()["tags"] == []
    for name in ("Partner", "Fair"):
        put_on = api.post(f"{of[1]}tag/", {"tag": name})
        assert put_on.status_code == 200, put_on.content
    assert put_on.json()["tags"] == ["Fair", "Partner"]
    assert api.post(f"{of[1]}untag/", {"tag": "fair"}).json()["tags"] == ["Partner"]
    assert api.post(f"{of[1]}untag/", {"tag": "never seen"}).status_code == 200
    assert Tag.objects.count() == 2


@pytest.mark.parametrize("wrong", [{}, {"tag": ""}, {"tag": "x" * 61}, {"tag": "a", "colour": "b"}])
def test_the_api_names_what_is_wrong(
    world: World, of: tuple[str, str], wrong: dict[str, Any]
) -> None:
    answer = api_of(a_key(world.ada)).post(f"{of[1]}tag/", wrong)
    assert answer.status_code == 422
    assert "colour" in answer.content.decode() or "tag" in answer.content.decode()


def test_nobody_tags_what_is_not_theirs(world: World, rita_at: Client) -> None:
    with inside(world.globex.pk):
        theirs, firm = a_lead(), a_company()
    assert rita_at.post(f"/w/acme/leads/{theirs.pk}/tag/", {"tag": "x"}).status_code == 404
    assert rita_at.post(f"/w/acme/companies/{firm.pk}/tag/", {"tag": "x"}).status_code == 404
