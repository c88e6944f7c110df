"""Files that are made from others and must be made again when those change."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


@pytest.mark.django_db(databases=["default", "owner"])
def test_models_have_their_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _asked() -> dict[str, Any]:
    """What pyproject.toml asks for, by the lock file that must hold it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    local = told["project"]["optional-dependencies"]["local"]
    runtime = [*told["project"]["dependencies"], *local]
    tools = told["dependency-groups"]["dev"]
    return {"requirements.lock": runtime, "requirements-dev.lock": [*runtime, *tools]}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_what_is_asked_for(lock: str) -> None:
    held = {canonicalize_name(name): at for name, at in PINNED.findall((ROOT / lock).read_text())}
    asked = [Requirement(each) for each in _asked()[lock]]
    wrong = [
        str(each)
        for each in asked
        if not each.specifier.contains(held.get(canonicalize_name(each.name), "0"))
    ]
    assert wrong == []


def test_both_locks_hold_the_same_of_what_runs() -> None:
    runtime, dev = (set(PINNED.findall((ROOT / lock).read_text())) for lock in _asked())
    assert runtime - dev == set()
