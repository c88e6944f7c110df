"""Saying what is wrong with a condition, where, and what would be right."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal

Path = tuple[str, ...]


class WrongCondition(Refusal):
    """The tree cannot be understood; `field` is the way to the part at fault, as `all.0.is`."""


def refuse(sentence: str, path: Path) -> NoReturn:
    """Say no to the part at `path`."""
    raise WrongCondition(sentence, field=".".join(path))


def refuse_value(value: Any, allowed: str, path: Path) -> NoReturn:
    """The value of a test is not what it must be."""
    refuse(
        _("“%(test)s” is %(value)s, but it must be %(allowed)s.")
        % {"test": path[-1], "value": shown(value), "allowed": allowed},
        path,
    )


def did_you_mean(word: Any, known: Iterable[str]) -> str:
    """A known word that looks like this one, as a sentence to append; or nothing."""
    close = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “%(close)s”?") % {"close": close[0]} if close else ""


def listed(words: Iterable[Any]) -> str:
    """Words with commas between."""
    return ", ".join(str(word) for word in words)


def shown(value: Any) -> str:
    """A value as it was written, if it is not too long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
