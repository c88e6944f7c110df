"""The shell, the theme, and pages for when something went wrong."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from leadmgmt.ui import views
from leadmgmt.ui.finders import PackageFinder


def test_an_unknown_address_helps(world: object) -> None:
    answer = Client().get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert "Log in" in answer.content.decode()


def test_a_refused_page_gives_the_reason() -> None:
    answer = views.forbidden(RequestFactory().get("/"), PermissionDenied("Ask Ada."))
    assert answer.status_code == 403
    assert "Ask Ada." in answer.content.decode()


def test_the_page_for_faults_needs_no_database() -> None:
    answer = views.failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_maintenance_says_when_to_come_back() -> None:
    answer = views.maintenance(RequestFactory().get("/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


@pytest.mark.parametrize(
    ("cookie", "drawn"),
    [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"'), ('"><x', "auto")],
)
def test_the_server_draws_the_chosen_theme(world: object, cookie: str, drawn: str) -> None:
    client = Client()
    client.cookies["theme"] = cookie
    page = client.get("/accounts/login/").content.decode()
    assert drawn in page
    assert "<x" not in page


def test_components_are_shown_to_developers_only(
    world: object, settings: pytest.FixtureRequest
) -> None:
    settings.DEBUG = settings.LOCAL = False  # type: ignore[attr-defined]
    assert Client().get("/ui/").status_code == 404
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = Client().get("/ui/").content.decode()
    assert "Every component with believable data" in page
    assert " style=" not in page


def test_only_listed_files_of_packages_are_public() -> None:
    if not (settings.BASE_DIR / "node_modules").is_dir():
        pytest.skip("browser assets are not fetched")
    assert finders.find("vendor/tabler/tabler.min.css")
    assert not finders.find("vendor/tabler/tabler-flags.css")
    assert not finders.find("vendor/tabler/../package.json")
    names = [name for name, _storage in PackageFinder().list(None)]
    assert "tabler.min.css" in names
    assert not [name for name in names if name.endswith((".json", ".js"))]


def test_every_style_sheet_is_imported() -> None:
    folder = settings.BASE_DIR / "leadmgmt/ui/static/ui"
    entry = (folder / "ui.css").read_text()
    assert not [file.name for file in (folder / "css").glob("*.css") if file.name not in entry]


def test_every_behaviour_is_loaded() -> None:
    page = render_to_string("base_bare.html")
    folder = settings.BASE_DIR / "leadmgmt/ui/static/ui/js"
    assert not [file.name for file in folder.glob("*.js") if file.name not in page]
