"""Undoing that customers were given to somebody, one or many."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from funnel.customers.owning import give_customers
from funnel.customers.taking_back import NothingToTakeBack, take_back
from funnel.models import Customer, CustomerChange
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role, Workspace
from tests.builders import a_customer, a_key
from tests.clients import api_of, client_of
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
BATCH = uuid4()


def _given(*owners: Member | None, to: Member | None, by: Member) -> list[UUID]:
    ids = [a_customer(owner=each).pk for each in owners]
    give_customers(ids, owner=to, by=by, now=NOW, batch=BATCH)
    return ids


def _owners(ids: list[UUID]) -> list[str | None]:
    rows = dict(Customer.objects.values_list("pk", "owner__name"))
    return [rows[each] for each in ids]


def test_each_goes_back_to_whom_it_had(max: Member, rita: Member, rob: Member) -> None:
    ids = _given(rita, None, rob, to=rob, by=max)
    assert set(take_back(BATCH, by=max, now=LATER)) == set(ids[:2])
    assert _owners(ids) == ["Rita", None, "Rob"]
    changes = CustomerChange.objects.filter(field="owner", changed_at=LATER)
    assert sorted(changes.values_list("old", "new", "why", "by__name")) == [
        ("Rob", "", "Taken back", "Max"),
        ("Rob", "Rita", "Taken back", "Max"),
    ]


def test_who_had_them_meanwhile_is_told_once(max: Member, rita: Member, rob: Member) -> None:
    _given(rita, rita, to=rob, by=max)
    take_back(BATCH, by=max, now=LATER)
    texts = Notice.objects.filter(member=rob).order_by("created_at").values_list("text", flat=True)
    assert list(texts)[1:] == ["2 customers you were given went back to whoever had them before."]


def test_what_others_have_changed_since_stays(max: Member, rita: Member, rob: Member) -> None:
    first, second, third = _given(rita, rita, rita, to=rob, by=max)
    give_customers([first], owner=max, by=max, now=LATER)
    give_customers([third], owner=None, by=max, now=LATER)
    give_customers([third], owner=rob, by=max, now=LATER + timedelta(minutes=1))
    assert take_back(BATCH, by=max, now=LATER) == (second,)
    assert _owners([first, second, third]) == ["Max", "Rita", "Rob"]


def test_twice_is_refused(max: Member, rita: Member) -> None:
    ids = _given(None, to=rita, by=max)
    take_back(BATCH, by=max, now=LATER)
    with pytest.raises(NothingToTakeBack, match="nothing left to undo"):
        take_back(BATCH, by=max, now=LATER + timedelta(minutes=1))
    assert _owners(ids) == [None]


def test_a_rep_takes_back_what_he_gave_himself_only(max: Member, rita: Member, rob: Member) -> None:
    ids = _given(rita, to=rob, by=rita)
    with pytest.raises(NothingToTakeBack, match="Somebody else"):
        take_back(BATCH, by=rob, now=LATER)
    take_back(BATCH, by=rita, now=LATER)
    assert _owners(ids) == ["Rita"]


def _undo_button(page: Client, answer: str) -> str:
    """Where the button of the toast leads."""
    found = CustomerChange.objects.exclude(batch=None).get()
    address = workspace_reverse("funnel:customers_take_back", id=found.batch)
    assert address in answer
    return address


def test_the_toast_offers_it(max: Member, rob: Member, rita: Member) -> None:
    customer, browser = a_customer(owner=rita), client_of(max)
    told = {"ids": [str(customer.pk)], "owner": str(rob.pk)}
    give = workspace_reverse("funnel:customers_give")
    page = browser.post(give, told, follow=True).content.decode()
    undo = _undo_button(browser, page)
    assert client_of(rob).post(undo, follow=True).status_code == 200
    assert _owners([customer.pk]) == ["Rob"]  # refused with a sentence
    page = browser.post(undo, follow=True).content.decode()
    assert "1 customer went back" in page
    assert _owners([customer.pk]) == ["Rita"]
    again = browser.post(undo, follow=True).content.decode()
    assert "nothing left to undo" in again
    unknown = workspace_reverse("funnel:customers_take_back", id=uuid4())
    assert browser.post(unknown).status_code == 404
    assert browser.get(undo).status_code == 405


def test_another_workspaces_batch_is_not_found(max: Member, globex: Workspace, gus: Member) -> None:
    with inside(globex.pk):
        _given(None, to=gus, by=gus)
    address = workspace_reverse("funnel:customers_take_back", id=BATCH)
    assert client_of(max).post(address).status_code == 404


def test_the_api_undoes_the_last_change_of_one(ada: Member, rita: Member, rob: Member) -> None:
    ids, api = _given(rita, rita, to=rob, by=ada), api_of(a_key(ada))
    path = f"/api/v1/customers/{ids[0]}/take-back/"
    told = api.post(path, {})
    assert (told.status_code, told.json()["owner"]) == (200, str(rita.pk))
    assert _owners(ids) == ["Rita", "Rob"]
    untouched = a_customer()
    assert api.post(f"/api/v1/customers/{untouched.pk}/take-back/", {}).status_code == 409
    by_rep = api.post(f"/api/v1/customers/{ids[1]}/take-back/", {"by": str(rob.pk)})
    assert by_rep.status_code == 409
    assert "Somebody else" in by_rep.content.decode()


@pytest.mark.parametrize("among", [1, 8])
def test_it_takes_as_many_statements_for_many_as_for_one(
    max: Member, rita: Member, rob: Member, among: int, django_assert_max_num_queries: object
) -> None:
    _given(*[rita] * among, to=rob, by=max)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert len(take_back(BATCH, by=max, now=LATER)) == among


def test_who_has_left_meanwhile_gets_nothing_back(max: Member, rita: Member, rob: Member) -> None:
    ids = _given(rita, max, to=rob, by=max)
    Member.objects.filter(pk=rita.pk).update(left_at=LATER)
    assert set(take_back(BATCH, by=max, now=LATER)) == set(ids)
    assert _owners(ids) == [None, "Max"]
    kept = CustomerChange.objects.get(customer=ids[0], changed_at=LATER)
    assert (kept.old, kept.new, kept.owner_now) == ("Rob", "", None)


def test_who_sells_no_more_gets_nothing_back(max: Member, rita: Member, rob: Member) -> None:
    ids = _given(rita, to=rob, by=max)
    Member.objects.filter(pk=rita.pk).update(role=Role.ANALYST)
    take_back(BATCH, by=max, now=LATER)
    assert _owners(ids) == [None]


def test_taking_back_what_was_taken_back_tells_each_who_had_it(
    max: Member, rita: Member, rob: Member
) -> None:
    ids = _given(rita, max, to=rob, by=max)
    take_back(BATCH, by=max, now=LATER)
    back = CustomerChange.objects.filter(changed_at=LATER).values_list("batch", flat=True)[0]
    again = LATER + timedelta(minutes=1)
    take_back(back, by=max, now=again)
    assert _owners(ids) == ["Rob", "Rob"]
    changes = CustomerChange.objects.filter(changed_at=again).order_by("owner_was__name")
    assert [(each.old, each.owner_was.name) for each in changes] == [
        ("Max", "Max"),
        ("Rita", "Rita"),
    ]
    assert Notice.objects.filter(member=rita, text__contains="went back").exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_take_back_once(world: World) -> None:
    ids = _given(world.rita, to=world.rob, by=world.max)

    def click(_number: int) -> str:
        try:
            with inside(world.acme.pk):
                take_back(BATCH, by=world.max, now=LATER)
        except NothingToTakeBack:
            return "nothing"
        finally:
            connection.close()
        return "back"

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(click, range(4))) == ["back", *["nothing"] * 3]
    assert _owners(ids) == ["Rita"]
    assert CustomerChange.objects.filter(field="owner").count() == 2
