"""Forms over the API: made, changed, published, retired; refused as on the pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from capture.models import Form
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Purpose
from tests.builders import a_campaign, a_custom_field, a_form, a_key
from tests.clients import JsonClient, api_of

API = "/api/v1/forms/"
EMAIL = {"key": "email", "label": "Work email", "is_required": True}
ASKED = {"name": "Book a demo", "questions": [{"key": "name", "label": "Name"}, EMAIL]}


@pytest.fixture
def client(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def test_a_form_made_takes_answers_until_it_is_retired(client: JsonClient) -> None:
    made = client.post(API, ASKED)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["is_active"], told["questions"][1]) == (True, EMAIL)
    assert told["questions"][0]["is_required"] is False
    path = told["address"].partition("//")[2].partition("/")[2]
    assert "Work email" in Client().get(f"/{path}").content.decode()
    assert Client().get(f"/{path}").status_code == 200
    retired = client.patch(f"{API}{told['id']}/", {"is_active": False})
    assert (retired.status_code, retired.json()["is_active"]) == (200, False)
    Client().post(f"/{path}", {"email": "nora@firm.example"})
    assert not Lead.objects.exists()
    assert client.patch(f"{API}{told['id']}/", {"is_active": True}).json()["is_active"]


def test_what_is_not_named_stays(client: JsonClient) -> None:
    campaign = a_campaign()
    a_custom_field("size", "number")
    form = client.post(API, ASKED | {"campaign": str(campaign.pk), "thanks": "Bye."}).json()
    more = [EMAIL, {"key": "attributes.size", "label": "How many?"}]
    now = client.patch(f"{API}{form['id']}/", {"questions": more}).json()
    assert [each["key"] for each in now["questions"]] == ["email", "attributes.size"]
    assert (now["campaign"], now["thanks"], now["name"]) == (
        *(str(campaign.pk), "Bye.", "Book a demo"),
    )
    assert now["address"] == form["address"]


def test_a_purpose_lends_the_box_its_words(client: JsonClient) -> None:
    purpose = Purpose.objects.create(key="news", name="News", wording="Yes, news.", position=0)
    made = client.post(API, ASKED | {"purpose": str(purpose.pk)}).json()
    assert (made["consent"], made["purpose"]) == ("Yes, news.", str(purpose.pk))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "\0"}, "NUL"),
        ({"name": "x" * 121}, "name"),
        ({"questions": []}, "required"),
        ({"questions": [{"key": "email", "label": "Email"}]}, "required"),
        ({"questions": [EMAIL, EMAIL]}, "asked twice"),
        ({"questions": [EMAIL, {"key": "stage", "label": "Stage"}]}, "nothing a form can ask"),
        ({"questions": [EMAIL | {"label": ""}]}, "label"),
        ({"questions": [EMAIL | {"colour": "red"}]}, "colour"),
        ({"questions": "email"}, "questions"),
        ({"questions": [EMAIL] * 31}, "questions"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"redirect_url": "https://a:b@x.example"}, "redirect_url"),
        ({"campaign": str(uuid4())}, "campaign"),
        ({"campaign": "x"}, "campaign"),
        ({"purpose": str(uuid4())}, "purpose"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"token": "mine"}, "token"),
        ({"workspace": str(uuid4())}, "workspace"),
    ],
)
def test_what_cannot_be_is_named(client: JsonClient, wrong: dict[str, Any], named: str) -> None:
    answer = client.post(API, ASKED | wrong)
    assert answer.status_code in (400, 422), answer.content
    assert named in answer.content.decode()
    assert not Form.objects.exists()


def test_what_is_anothers_cannot_be_named(client: JsonClient, gus: Member) -> None:
    with inside(gus.workspace_id):
        theirs, form = a_campaign(), a_form()
    assert client.post(API, ASKED | {"campaign": str(theirs.pk)}).status_code == 422
    assert client.patch(f"{API}{form.pk}/", {"name": "Mine"}).status_code == 404


def test_a_key_that_only_reads_makes_nothing(ada: Member) -> None:
    reader = api_of(a_key(ada, "leads:read"))
    assert reader.post(API, ASKED).status_code == 403
    assert reader.get(API).status_code == 200
