"""Tags themselves: listed with wearers and uses, renamed, merged, removed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leads.actions.profiles import Door
from leads.actions.removing import put_back, take_out
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.actions.segments import create_segment
from leads.actions.tagging import tag_called, tag_companies, tag_leads
from leads.actions.tags import merge_tags, remove_tag
from leads.actions.views import save_view
from leads.models import (
    Company,
    CompanyChange,
    CompanyTag,
    Lead,
    LeadTag,
    Membership,
    RemovedCause,
    Segment,
    Tag,
    Via,
)
from scoring.models import ModelVersion
from scoring.uses import rule_uses
from tests.builders import a_company, a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.scoring.builders import a_draft, a_profile_rule
from tests.worlds import World

ADDRESS, ROUTE = "/w/acme/tags/", "/api/v1/tags/"
DOOR = Door(Via.API)


def worn(name: str, *, by: tuple[Lead | Company, ...]) -> Tag:
    """A tag these wear."""
    tag, now = tag_called(name), timezone.now()
    tag_leads([each.pk for each in by if isinstance(each, Lead)], tag=tag, by=None, now=now)
    firms = [each.pk for each in by if isinstance(each, Company)]
    tag_companies(firms, tag=tag, door=DOOR, now=now)
    return tag


def asking(tag: Tag, field: str = "tags") -> Segment:
    """A segment of those who wear it."""
    condition = {"field": field, "has": [str(tag.pk)]}
    return create_segment(name="Guests", condition=condition, by=None, now=timezone.now())


@pytest.fixture
def ann(world: World) -> Lead:
    return a_lead(name="Ann")


@pytest.fixture
def firm(world: World) -> Company:
    return a_company(name="Nord")


@pytest.fixture
def partner(ann: Lead, firm: Company) -> Tag:
    return worn("Partner", by=(ann, firm))


# Seen


def test_the_list_says_how_many_wear_a_tag_and_what_asks_about_it(
    world: World, partner: Tag
) -> None:
    worn("Fair", by=(a_lead(), a_lead()))
    asking(partner)
    answer = client_of(world.mara).get(ADDRESS)
    rows = [
        (each.tag.name, each.tag.leads, each.tag.companies) for each in answer.context["page"].rows
    ]
    assert rows == [("Fair", 2, 0), ("Partner", 1, 1)]
    assert "segment “Guests”" in answer.content.decode()


def test_the_list_states_its_queries(
    world: World, partner: Tag, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        worn(f"Tag {number}", by=(a_lead(),))
    client = client_of(world.mara)
    client.get(ADDRESS)
    with django_assert_max_num_queries(18):
        client.get(ADDRESS)


def test_views_of_both_lists_use_a_tag(world: World, partner: Tag) -> None:
    facts = {"query": {"tag": str(partner.pk)}}
    for subject in ("lead", "company"):
        save_view(
            subject=subject, name=f"V {subject}", facts=facts, by=world.ada, now=timezone.now()
        )
    found = client_of(world.mara).get(f"{ADDRESS}{partner.pk}/").context["uses"]
    assert [(each.name, each.address) for each in found] == [
        ("V company", "/w/acme/companies/"),
        ("V lead", "/w/acme/leads/"),
    ]


def test_classes_decided_by_a_tag_use_it(world: World, partner: Tag) -> None:
    asked = {"field": "tags", "has": [str(partner.pk)]}
    draft = a_draft(a_profile_rule(5))
    draft.decisions.create(position=1, name="Guests", lead_class="hot", condition=asked)
    ModelVersion.objects.filter(pk=draft.pk).update(urgency=asked)
    found = [each.name for each in rule_uses() if partner.pk in each.asked]
    assert sorted(found) == ["Guests", "urgent"]


def test_reps_and_analysts_have_no_business_here(world: World, partner: Tag) -> None:
    for member in (world.rita, world.ana):
        client = client_of(member)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(f"{ADDRESS}{partner.pk}/remove/").status_code == 403
    assert Tag.objects.filter(pk=partner.pk).exists()


# Renamed


def test_a_tag_is_called_something_else_for_all_who_wear_it(
    world: World, partner: Tag, ann: Lead
) -> None:
    page = client_of(world.max).post(f"{ADDRESS}{partner.pk}/", {"name": " Reseller "}, follow=True)
    assert "Tag “Reseller” saved." in page.content.decode()
    assert api_of(a_key(world.ada)).get(f"/api/v1/leads/{ann.pk}/").json()["tags"] == ["Reseller"]
    assert tag_called("RESELLER") == partner


def test_other_capitals_are_no_other_name(world: World, partner: Tag) -> None:
    client_of(world.max).post(f"{ADDRESS}{partner.pk}/", {"name": "PARTNER"})
    assert Tag.objects.get().name == "PARTNER"


def test_the_name_of_another_tag_offers_to_merge_the_two(world: World, partner: Tag) -> None:
    other = worn("Reseller", by=())
    answer = client_of(world.max).post(f"{ADDRESS}{partner.pk}/", {"name": "reseller"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a tag “Reseller” already" in page
    assert f'name="into" value="{other.pk}"' in page
    assert "1 lead and 1 company that wear “Partner” will wear “Reseller”" in page
    partner.refresh_from_db()
    assert partner.name == "Partner"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_no_name_and_too_long_a_name_are_refused(world: World, partner: Tag, name: str) -> None:
    assert client_of(world.max).post(f"{ADDRESS}{partner.pk}/", {"name": name}).status_code == 422
    api = api_of(a_key(world.ada))
    assert api.patch(f"{ROUTE}{partner.pk}/", {"name": name}).status_code == 422
    assert Tag.objects.get().name == "Partner"


# Merged


def test_wearers_of_one_wear_the_other_once(world: World, partner: Tag, ann: Lead) -> None:
    bob = a_lead(name="Bob")
    reseller = worn("Reseller", by=(ann, bob))
    address = f"{ADDRESS}{partner.pk}/merge/"
    page = client_of(world.max).post(address, {"into": str(reseller.pk)}, follow=True)
    assert "“Partner” is “Reseller” now." in page.content.decode()
    assert Tag.objects.get() == reseller
    assert sorted(LeadTag.objects.values_list("lead__name", flat=True)) == ["Ann", "Bob"]
    assert CompanyTag.objects.get().tag_id == reseller.pk
    kept = CompanyChange.objects.latest("id")
    assert (kept.old, kept.new, kept.by_id) == ("Partner", "Reseller", world.max.pk)


@pytest.mark.parametrize("field", ["tags", "company.tags"])
def test_who_asks_about_the_other_hears_of_it(
    world: World, partner: Tag, ann: Lead, firm: Company, field: str
) -> None:
    Lead.objects.filter(pk=ann.pk).update(company=firm)
    reseller = worn("Reseller", by=())
    segment = asking(reseller, field)
    drain()
    merge_tags(partner, into=reseller, door=DOOR, now=timezone.now())
    drain()
    assert Membership.objects.get(segment=segment, left_at=None).lead_id == ann.pk


def test_a_tag_that_is_asked_about_is_merged_into_no_other(world: World, partner: Tag) -> None:
    asking(partner)
    reseller = worn("Reseller", by=())
    answer = api_of(a_key(world.ada)).post(
        f"{ROUTE}{partner.pk}/merge/", {"into": str(reseller.pk)}
    )
    assert answer.status_code == 409
    assert "segment “Guests”" in answer.json()["detail"]
    assert LeadTag.objects.get().tag_id == partner.pk


def test_a_tag_is_not_merged_into_itself(world: World, partner: Tag) -> None:
    answer = api_of(a_key(world.ada)).post(f"{ROUTE}{partner.pk}/merge/", {"into": str(partner.pk)})
    assert answer.status_code == 422
    assert LeadTag.objects.count() == 1


# Removed


def test_a_removed_tag_is_taken_off_everybody(world: World, partner: Tag, firm: Company) -> None:
    asked = client_of(world.mara).get(f"{ADDRESS}{partner.pk}/").content.decode()
    assert "“Partner” is taken off 1 lead and 1 company" in asked
    page = client_of(world.mara).post(f"{ADDRESS}{partner.pk}/remove/", follow=True)
    assert "Tag “Partner” removed." in page.content.decode()
    assert not Tag.objects.exists()
    assert not LeadTag.objects.exists()
    assert not CompanyTag.objects.exists()
    kept = CompanyChange.objects.latest("id")
    assert (kept.company_id, kept.old, kept.new) == (firm.pk, "Partner", None)


@pytest.mark.parametrize("field", ["tags", "company.tags"])
def test_a_tag_that_is_asked_about_stays(world: World, partner: Tag, field: str) -> None:
    asking(partner, field)
    client = client_of(world.mara)
    assert "Remove this tag?" not in client.get(f"{ADDRESS}{partner.pk}/").content.decode()
    page = client.post(f"{ADDRESS}{partner.pk}/remove/", HTTP_REFERER=ADDRESS, follow=True)
    assert "still asked about by segment “Guests”" in page.content.decode()
    assert LeadTag.objects.exists()


def test_what_is_gone_is_not_found(world: World, partner: Tag) -> None:
    client = client_of(world.mara)
    first, second = (client.post(f"{ADDRESS}{partner.pk}/remove/") for _click in range(2))
    assert (first.status_code, second.status_code) == (302, 404)


def test_tags_of_others_are_not_found(world: World, partner: Tag) -> None:
    with inside(world.globex.pk):
        theirs = tag_called("Theirs")
    client = client_of(world.ada)
    assert client.get(f"{ADDRESS}{theirs.pk}/").status_code == 404
    for verb in ("", "remove/", "merge/"):
        assert client.post(f"{ADDRESS}{theirs.pk}/{verb}", {"name": "x"}).status_code == 404
    into = {"into": str(theirs.pk)}
    assert client.post(f"{ADDRESS}{partner.pk}/merge/", into).status_code == 404
    answer = api_of(a_key(world.ada)).post(f"{ROUTE}{partner.pk}/merge/", into)
    assert answer.status_code == 422


# Over the API


def test_the_api_makes_renames_merges_and_removes(world: World, partner: Tag) -> None:
    api = api_of(a_key(world.ada))
    made = api.post(ROUTE, {"name": " Fair "})
    assert (made.status_code, made.json()["name"], made.json()["leads"]) == (201, "Fair", 0)
    fair = f"{ROUTE}{made.json()['id']}/"
    assert api.patch(fair, {"name": "Fair 2026"}).json()["name"] == "Fair 2026"
    merged = api.post(f"{ROUTE}{partner.pk}/merge/", {"into": made.json()["id"]}).json()
    assert (merged["name"], merged["leads"], merged["companies"]) == ("Fair 2026", 1, 1)
    assert api.delete(fair).status_code == 204
    assert api.get(fair).status_code == 404


@pytest.mark.parametrize("name", ["PARTNER", "Partner "])
def test_the_api_refuses_a_name_that_is_taken(world: World, partner: Tag, name: str) -> None:
    other = worn("Reseller", by=())
    api = api_of(a_key(world.ada))
    for answer in (
        api.post(ROUTE, {"name": name}),
        api.patch(f"{ROUTE}{other.pk}/", {"name": name}),
    ):
        assert answer.status_code == 422
        assert "There is a tag “Partner” already" in answer.json()["detail"]
    assert Tag.objects.count() == 2


# At once


@pytest.fixture
def at_once(world: World) -> Callable[..., list[Any]]:
    """What becomes of works begun in the same moment."""

    def run(*works: Callable[[], object]) -> list[Any]:
        gate = Barrier(len(works))

        def one(work: Callable[[], object]) -> object:
            try:
                with inside(world.acme.pk):
                    gate.wait(10)
                    return work()
            except ObjectDoesNotExist as gone:
                return gone
            finally:
                connection.close()

        with ThreadPoolExecutor(len(works)) as workers:
            return list(workers.map(one, works))

    return run


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_into_each_other_one_happens(
    world: World, partner: Tag, at_once: Callable[..., list[Any]]
) -> None:
    other, now = worn("Reseller", by=(a_lead(name="Bob"),)), timezone.now()
    done = at_once(
        lambda: merge_tags(partner, into=other, door=DOOR, now=now),
        lambda: merge_tags(other, into=partner, door=DOOR, now=now),
    )
    assert sum(isinstance(each, Tag.DoesNotExist) for each in done) == 1
    assert LeadTag.objects.filter(tag=Tag.objects.get()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_tag_put_on_while_it_is_removed_is_worn_by_nobody(
    world: World, partner: Tag, at_once: Callable[..., list[Any]]
) -> None:
    now, ids = timezone.now(), [a_lead().pk for _n in range(20)]
    at_once(
        lambda: remove_tag(partner, door=DOOR, now=now),
        lambda: tag_leads(ids, tag=partner, by=None, now=now),
    )
    assert not LeadTag.objects.exists()
    assert not Tag.objects.exists()


def test_who_was_removed_before_two_tags_became_one_comes_back_with_the_one(ann: Lead) -> None:
    firm, now, cause = a_company(), timezone.now(), RemovedCause.PERSON
    one, other = worn("One", by=(ann, firm)), worn("Other", by=(ann,))
    take_out([ann.pk], cause=cause, by=None, now=now)
    take_out_companies([firm.pk], cause=cause, by=None, now=now)
    merge_tags(one, into=other, door=DOOR, now=now)
    put_back([ann.pk], by=None, now=now)
    put_back_companies([firm.pk], by=None, now=now)
    assert LeadTag.objects.get().tag == other
    assert CompanyTag.objects.get().tag == other
