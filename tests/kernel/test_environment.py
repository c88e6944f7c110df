"""Settings from the environment: right values in, or a sentence for the operator."""

from collections.abc import Callable
from typing import Any

import pytest

from leadmgmt.kernel import environment as env
from leadmgmt.kernel.environment import WrongEnvironment

NAME = "SOME_VARIABLE"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda: env.text(NAME), "x", "x"),
        (lambda: env.words(NAME), " a, b,,c ", ["a", "b", "c"]),
        (lambda: env.flag(NAME, default=False), "Yes", True),
        (lambda: env.flag(NAME, default=True), "", False),
        (lambda: env.whole_number(NAME, 1), "42", 42),
        (lambda: env.choice(NAME, "a", ["a", "b"]), "b", "b"),
        (lambda: env.redis_url(NAME, ""), "unix:///r.sock?db=1", "unix:///r.sock?db=1"),
        (lambda: env.database_url(NAME, "")["HOST"], "postgres://u:p@h:5432/n", "h"),
        (lambda: env.email_url(NAME, "")["EMAIL_PORT"], "smtp://localhost:1025", 1025),
    ],
)
def test_right_values_are_read(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, expected: Any
) -> None:
    monkeypatch.setenv(NAME, value)
    assert read() == expected


@pytest.mark.parametrize(
    ("read", "value", "allowed"),
    [
        (lambda: env.flag(NAME, default=False), "perhaps", "one of 1, true, yes, on, 0, false"),
        (lambda: env.whole_number(NAME, 1), "many", "a whole number from 0 to"),
        (lambda: env.whole_number(NAME, 1, most=9), "10", "a whole number from 0 to 9"),
        (lambda: env.choice(NAME, "a", ["a", "b"]), "c", "one of a, b"),
        (lambda: env.redis_url(NAME, ""), "http://x", "a Redis address such as redis://"),
        (lambda: env.database_url(NAME, ""), "mysql://h/n", "a PostgreSQL address such as"),
        (lambda: env.email_url(NAME, ""), "gopher://h", "an SMTP address such as"),
    ],
)
def test_wrong_values_are_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, allowed: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(WrongEnvironment) as wrong:
        read()
    assert str(wrong.value).startswith(f"{NAME} is {value!r}, but it must be {allowed}")


def test_what_must_be_set_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    with pytest.raises(WrongEnvironment, match=NAME):
        env.text(NAME)


def test_a_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "mysql://somebody:hunter2@host/name")
    with pytest.raises(WrongEnvironment) as wrong:
        env.database_url(NAME, "")
    assert "hunter2" not in str(wrong.value)
    assert "host/name" in str(wrong.value)
