"""Typed readers of environment variables; every error names variable, value and what is allowed."""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import environ

T = TypeVar("T")

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off", "")


class WrongEnvironment(Exception):
    """A variable holds a value we cannot use; the message tells the operator what to write."""

    def __init__(self, name: str, value: str | None, allowed: str) -> None:
        said = "not set" if value is None else repr(value)
        super().__init__(f"{name} is {said}, but it must be {allowed}.")


def text(name: str, default: str | None = None) -> str:
    """The variable as text; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise WrongEnvironment(name, None, "a text")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def flag(name: str, default: bool) -> bool:
    """Yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE_WORDS:
        return True
    if value.lower() in FALSE_WORDS:
        return False
    raise WrongEnvironment(name, value, "one of " + ", ".join((*TRUE_WORDS, *FALSE_WORDS[:-1])))


def whole_number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number between `least` and `most`."""
    value = os.environ.get(name, str(default))
    allowed = f"a whole number from {least} to {most}"
    number = _parsed(int, name, value, allowed)
    if not least <= number <= most:
        raise WrongEnvironment(name, value, allowed)
    return number


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """One of a few words."""
    value = os.environ.get(name, default)
    if value not in allowed:
        raise WrongEnvironment(name, value, "one of " + ", ".join(allowed))
    return value


def database_url(name: str, default: str) -> dict[str, Any]:
    """A PostgreSQL address as Django settings."""
    value = os.environ.get(name, default)
    allowed = "a PostgreSQL address such as postgres://user:password@host:5432/name"
    settings = _parsed(environ.Env.db_url_config, name, value, allowed)
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise WrongEnvironment(name, _without_password(value), allowed)
    return dict(settings)


def email_url(name: str, default: str) -> dict[str, Any]:
    """An SMTP address as Django settings."""
    value = os.environ.get(name, default)
    allowed = "an SMTP address such as smtp://user:password@host:25 or smtp+tls://…:587"
    return dict(_parsed(environ.Env.email_url_config, name, value, allowed))


def redis_url(name: str, default: str) -> str:
    """A Redis address, over TCP or a unix socket."""
    value = os.environ.get(name, default)
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise WrongEnvironment(name, value, "a Redis address such as redis://host:6379/0")
    return value


def _parsed(parse: Callable[[str], T], name: str, value: str, allowed: str) -> T:
    try:
        return parse(value)
    except Exception as problem:
        raise WrongEnvironment(name, _without_password(value), allowed) from problem


def _without_password(url: str) -> str:
    if "://" not in url or "@" not in url:
        return url
    scheme, rest = url.split("://", 1)
    return f"{scheme}://…@{rest.rsplit('@', 1)[1]}"
