"""What was there when one looked and is not when one acts: a sentence, never a fault."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from funnel.models import Deal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.problems import answer
from leadmgmt.workspaces.refusing import Refusals
from leads.models import Lead
from tests.builders import a_deal, a_key, a_lead
from tests.clients import api_of, client_of
from tests.worlds import World

Ask = Callable[[], Any]


def while_it_goes(lead: Lead, ask: Ask) -> Any:
    """The answer to who asks while the lead is held by somebody who removes it."""

    def asked() -> Any:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            list(Lead.objects.select_for_update().filter(pk=lead.pk))
            going = other.submit(asked)
            with pytest.raises(TimeoutError):
                going.result(0.5)
            Deal.objects.filter(lead=lead).delete()
            lead.delete()
        return going.result(10)


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_goes_before_it_is_claimed_is_not_found(world: World) -> None:
    lead = a_lead(stage="mql")
    rita, address = client_of(world.rita), workspace_reverse("funnel:claim", id=lead.pk)
    answer = while_it_goes(lead, lambda: rita.post(address))
    assert answer.status_code == 404
    assert "not there any more" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_htmx_hears_of_it_where_it_stands(world: World) -> None:
    lead = a_lead(stage="mql")
    rita, address = client_of(world.rita), workspace_reverse("funnel:claim", id=lead.pk)
    answer = while_it_goes(lead, lambda: rita.post(address, headers={"hx-request": "true"}))
    assert (answer.status_code, "not there any more" in answer["HX-Trigger"]) == (422, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["win", "lose"])
def test_a_deal_that_goes_before_it_is_decided_is_not_found(world: World, verb: str) -> None:
    deal, api = a_deal(), api_of(a_key(world.ada))
    told = {"amount": 900, "margin": 5} if verb == "win" else {"reason": "Too dear"}
    path = f"/api/v1/deals/{deal.pk}/{verb}/"
    answer = while_it_goes(deal.lead, lambda: api.post(path, told))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "not there any more" in answer.json()["detail"]


CODES = {"40P01": 503, "40001": 503, "55P03": 503, "23503": 409}


def met(code: str) -> DatabaseError:
    """What Django makes of what PostgreSQL says."""
    say = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(say)
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_programs_whom_another_crossed_are_told_to_try_again(code: str, status: int) -> None:
    said = answer(met(code), {})
    assert said is not None
    assert (said.status_code, "Nothing was saved" in said.content.decode()) == (status, True)
    assert said.get("Retry-After") == ("1" if status == 503 else None)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_pages_and_plain_views_say_it_in_their_own_way(code: str, status: int) -> None:
    request: Any = RequestFactory().get("/w/acme/x/")
    request.htmx, request.user = None, AnonymousUser()
    said = Refusals(lambda _: HttpResponse()).process_exception(request, met(code))
    assert said is not None
    assert (said.status_code, "Nothing was saved" in said.content.decode()) == (status, True)
    request.resolver_match = resolve("/api/v1/activities/batch")
    plain = Refusals(lambda _: HttpResponse()).process_exception(request, met(code))
    assert plain is not None
    assert (plain.status_code, plain["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.django_db
def test_faults_of_ours_stay_faults() -> None:
    never_there = type("Never", (ObjectDoesNotExist, AttributeError), {})()  # a wrong relation
    for fault in (met("22012"), KeyError("x"), never_there):
        assert answer(fault, {}) is None
        assert Refusals(lambda _: HttpResponse()).process_exception(None, fault) is None
