"""docker-compose.yml: its shape, and that everything it runs and mounts exists.

No container engine is needed. The schema is the part of the compose specification that we use; a
new key must be added here on purpose.
"""

import re
import shlex
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery
from django.conf import settings
from django.core.management import get_commands, load_command_class
from granian.cli import cli as granian
from jsonschema import validate

ROOT = Path(settings.BASE_DIR)
FILE = ROOT / "docker-compose.yml"

DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"]


def only(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def each(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


HEALTHCHECK = only(
    test={"type": "array", "items": TEXT, "minItems": 2},
    interval=DURATION,
    timeout=DURATION,
    start_period=DURATION,
    retries={"type": "integer", "minimum": 1},
)
SERVICE = only(
    image=TEXT,
    build=TEXT,
    command=TEXT,
    restart={"enum": ["no", "always", "on-failure", "unless-stopped"]},
    environment=each(TEXT),
    volumes=TEXTS,
    ports={"type": "array", "items": {"type": "string", "pattern": r"^\d+:\d+$"}},
    depends_on=each(only(condition={"enum": CONDITIONS})),
    healthcheck=HEALTHCHECK,
    stop_grace_period=DURATION,
)
SCHEMA = {
    "type": "object",
    "required": ["services"],
    "properties": {"name": TEXT, "services": each(SERVICE), "volumes": each({"type": "null"})},
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
}

COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def commands() -> list[Any]:
    """Every Python command line that a container of ours runs."""
    lines = {name: shlex.split(one["command"]) for name, one in SERVICES.items() if "build" in one}
    for name, one in SERVICES.items():
        kind, *test = one.get("healthcheck", {}).get("test", [""])
        lines[f"{name}'s health"] = shlex.split(test[0]) if kind == "CMD-SHELL" else test
    return [pytest.param(line, id=name) for name, line in lines.items() if line[:1] == ["python"]]


def test_the_file_follows_the_compose_specification() -> None:
    validate(COMPOSE, SCHEMA)


@pytest.mark.django_db  # the WSGI module looks at its database role before it serves
@pytest.mark.parametrize("command", commands())
def test_each_command_names_what_exists_with_options_it_knows(command: list[str]) -> None:
    match command[1:]:
        case ["manage.py", name, *arguments]:
            parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
            parser.parse_args(arguments)
        case ["-m", "granian", *arguments]:
            target = granian.make_context("granian", arguments).params["app"]
            module, name = target.split(":")
            assert callable(getattr(import_module(module), name))
        case ["-m", "celery", "--app", module, verb, *arguments]:
            assert import_module(module).app
            _knows(celery.commands[verb], arguments)
        case ["-m", module]:
            assert find_spec(module)
        case _:
            pytest.fail(f"Nobody checks {command}")


def _knows(command: Any, arguments: list[str]) -> None:
    known = {name for option in command.params for name in option.opts}
    used = {argument for argument in arguments if argument.startswith("--")}
    assert used <= known


def test_what_is_mentioned_is_declared() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = (ROOT / source).exists() if source.startswith("./") else None
            assert is_there or source in COMPOSE["volumes"], volume


def test_every_variable_is_explained_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", FILE.read_text()))
    example = (ROOT / "docker" / "example.env").read_text()
    assert used == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_only_migrations_know_the_owner_and_nobody_else_passes_the_pool() -> None:
    for name, service in SERVICES.items():
        if "build" in service:
            environment = service["environment"]
            assert ("DATABASE_OWNER_URL" in environment) == (name == "migrate")
            assert "@pgbouncer:" in environment["DATABASE_URL"]


def test_images_are_pinned_and_data_survives() -> None:
    for service in SERVICES.values():
        if "build" not in service:
            assert re.search(r":v?\d", service["image"]), service["image"]
    for name in ("postgres", "valkey"):
        assert any(volume.startswith(f"{name}:") for volume in SERVICES[name]["volumes"])


def test_one_beat_and_a_health_check_wherever_somebody_waits() -> None:
    waited_for = {
        name
        for service in SERVICES.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert all("healthcheck" in SERVICES[name] for name in waited_for)
    assert sum("beat" in one.get("command", "").split() for one in SERVICES.values()) == 1
    assert "--beat" not in SERVICES["worker"]["command"]
