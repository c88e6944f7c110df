"""The score at which a lead becomes an MQL. Funnel, above us, says it; we show what crosses it."""

from collections.abc import Callable

Provider = Callable[[], int | None]


def _nobody() -> int | None:
    return None


_provider: Provider = _nobody


def bind(provider: Provider) -> None:
    """Ask `provider` from now on (the composition root does, at start-up)."""
    global _provider
    _provider = provider


def mql_line() -> int | None:
    """The lowest score of an MQL, or None where no score makes one."""
    return _provider()
