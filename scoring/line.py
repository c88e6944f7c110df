"""The score at which a lead becomes an MQL. Funnel, above us, says it; we show what crosses it."""

from collections.abc import Callable

from scoring.models import ModelVersion, Purpose

Provider = Callable[[], int | None]


def _nobody() -> int | None:
    return None


_provider: Provider = _nobody


def bind(provider: Provider) -> None:
    """Ask `provider` from now on (the composition root does, at start-up)."""
    global _provider
    _provider = provider


def is_lost(version: ModelVersion) -> bool:
    """The definition of an MQL asks for a score, and this version gives none."""
    is_main = version.model.purpose == Purpose.MAIN
    return version.is_by_decisions and is_main and mql_line() is not None


def mql_line() -> int | None:
    """The lowest score of an MQL, or None where no score makes one."""
    return _provider()
