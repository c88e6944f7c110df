"""Custom fields: added, renamed, retired, brought back."""

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.models import CustomField
from tests.clients import client_of

ADDRESS = "/w/acme/fields/"


@pytest.fixture
def browser(ada: Member) -> Client:
    return client_of(ada)


def test_a_field_gets_its_key_from_its_name_and_keeps_it(browser: Client) -> None:
    browser.post(ADDRESS, {"label": "Fleet size", "kind": "number"})
    field = CustomField.objects.get()
    browser.post(f"{ADDRESS}{field.pk}/rename/", {"label": "Lorries"})
    field.refresh_from_db()
    assert (field.key, field.label) == ("fleet_size", "Lorries")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"key": "taken"}, "key"),
        ({"label": "Весна"}, "key"),
        ({"key": "9x"}, "key"),
        ({"kind": "choice", "choices": " \n"}, "choices"),
        ({"kind": "smell"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser: Client, typed: dict[str, str], field: str
) -> None:
    CustomField.objects.create(key="taken", label="Taken")
    answer = browser.post(ADDRESS, {"label": "Size", "kind": "text"} | typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}


def test_a_retired_field_can_come_back(browser: Client) -> None:
    field = CustomField.objects.create(key="size", label="Lorries")
    browser.post(f"{ADDRESS}{field.pk}/retire/")
    assert "own_size" not in browser.get("/w/acme/leads/add/").content.decode()
    browser.post(f"{ADDRESS}{field.pk}/restore/")
    assert "own_size" in browser.get("/w/acme/leads/add/").content.decode()


def test_a_rep_has_no_business_here(rita: Member) -> None:
    assert client_of(rita).get(ADDRESS).status_code == 403
