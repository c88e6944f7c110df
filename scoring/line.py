"""What scores make an MQL. Funnel, above us, says it; we show what crosses it, and announce it."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from scoring.events import SCORE_OF
from scoring.models import ModelVersion, Purpose

SCORE = "score"
LOST = _(
    "The definition of an MQL asks for points, and decision rules give none: nobody becomes an "
    "MQL by it."
)

Provider = Callable[[], int | None]
Asking = Callable[[], frozenset[str]]


def _nobody() -> int | None:
    return None


def _nothing() -> frozenset[str]:
    return frozenset()


_provider: Provider = _nobody
_asking: Asking = _nothing


def bind(provider: Provider, asking: Asking = _nothing) -> None:
    """Ask these from now on (the composition root does, at start-up)."""
    global _provider, _asking
    _provider, _asking = provider, asking


def is_lost(version: ModelVersion) -> bool:
    """The definition of an MQL asks for the score, and this version gives none."""
    is_main = version.model.purpose == Purpose.MAIN
    return version.is_by_decisions and is_main and SCORE in asked()


def can_follow(version: ModelVersion) -> bool:
    """Something can follow from it: of a product line, where the definition of an MQL asks it."""
    is_line = version.model.purpose == Purpose.PRODUCT
    return not is_line or f"{SCORE_OF}{version.model_id}" in asked()


def mql_line() -> int | None:
    """The lowest score of an MQL, or None where no score makes one."""
    return _provider()


def asked() -> frozenset[str]:
    """The fields, by name, that the definition in force of an MQL asks about."""
    return _asking()
