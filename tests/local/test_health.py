"""What load balancers hear."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
def test_a_whole_installation_is_healthy() -> None:
    answer = Client().get("/health/")
    assert (answer.status_code, answer.content) == (200, b"database: ok\nredis: ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_without_redis_it_goes_on_serving(settings: Settings) -> None:
    backend = "leadmgmt.kernel.caching.ForgivingCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    answer = Client().get("/health/")
    assert (answer.status_code, answer.content) == (200, b"database: ok\nredis: down\n")


@pytest.mark.django_db
def test_without_a_database_it_takes_itself_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert Client().get("/health/").status_code == 503
