"""The OpenAPI document says all there is, is valid, and opens under our CSP."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from leadmgmt.access import API
from leadmgmt.workspaces.models import Member
from tests.clients import client_of


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command(
        "spectacular", fail_on_warn=True, validate=True, format="openapi-json", file=str(file)
    )
    return json.loads(file.read_text())


def test_every_operation_tells_its_key_and_its_problems(schema: Any) -> None:
    assert schema["openapi"].startswith("3.1")
    operations = [each for path in schema["paths"].values() for each in path.values()]
    for operation in operations:
        [[scope]] = [list(needed["ApiKey"]) for needed in operation["security"]]
        assert scope.count(":") == 1
        problem = operation["responses"]["401"]["content"]["application/problem+json"]
        assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert len(operations) == sum(len(methods) for methods in API.values())


def test_the_hot_path_is_described_too(schema: Any) -> None:
    batch = schema["paths"]["/api/v1/activities/batch"]["post"]
    name = batch["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert schema["components"]["schemas"][name]["required"] == ["activities"]
    assert "Posted" in schema["components"]["schemas"]


def test_the_document_and_its_page_open_for_everybody(client: Client) -> None:
    assert client.get("/api/schema/", {"format": "json"}).json()["info"]["version"] == "1"
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script>" not in text
    assert "<style" not in text
    assert "://" not in text.replace("http://testserver", "")
    script = client.get("/api/docs/", {"script": ""})
    assert script["Content-Type"].startswith("application/javascript")


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_page_follows_the_theme_that_was_chosen(client: Client, theme: str) -> None:
    client.cookies["theme"] = theme
    assert f'data-theme="{theme}"' in client.get("/api/docs/").content.decode()


def test_the_page_of_keys_leads_there(ada: Member) -> None:
    page = client_of(ada).get("/w/acme/keys/", follow=True)
    assert 'href="/api/docs/"' in page.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/nonsense/", "/api/v1/leads", "/api/nonsense"])
def test_an_unknown_address_is_a_problem(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
