"""A production server refuses to start unsafely, web and worker alike."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from leadmgmt.celery import refuse_unsafe_start
from leadmgmt.local.testing.plugin import services

SECRET = "k7Qv" * 20


def _start(**environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name != "LOCAL"}
    production = {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "leads.example"}
    return subprocess.run(
        [sys.executable, "-c", "import leadmgmt.wsgi"],
        env=kept | production | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("db")
def test_a_safe_server_starts() -> None:
    started = _start()
    assert started.returncode == 0, started.stderr


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is the development one, or short."),
        ("SECRET_KEY", "for-development-only-" + "x" * 40, "SECRET_KEY is the development one"),
        ("DEBUG", "1", "DEBUG is on."),
    ],
)
def test_an_unsafe_server_does_not(name: str, value: str, sentence: str) -> None:
    started = _start(**{name: value})
    assert started.returncode != 0
    assert sentence in started.stderr


@pytest.mark.usefixtures("db")
def test_a_role_above_row_security_does_not() -> None:
    owner = services.postgres.url("leadmgmt_owner", services.database)
    started = _start(DATABASE_URL=owner)
    assert started.returncode != 0
    assert "The database role leadmgmt_owner is not bound by row security." in started.stderr


@pytest.mark.usefixtures("db")
def test_a_worker_refuses_too(settings: Any) -> None:
    settings.LOCAL, settings.DEBUG = False, True
    with pytest.raises(ImproperlyConfigured, match="DEBUG is on"):
        refuse_unsafe_start()


def test_without_a_secret_nothing_starts() -> None:
    started = _start(SECRET_KEY="", DJANGO_SETTINGS_MODULE="leadmgmt.settings")
    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr
