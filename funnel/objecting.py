"""Addresses that must not be written to: the funnel asks, and somebody above the funnel knows.

Who unsubscribed, and whose emails come back, is noted by what sends emails in sequences. The
funnel stands below that, so it asks through a slot that the composition root fills at start-up
(`bind`). With an empty slot nobody objects.
"""

from collections.abc import Callable, Iterable, Mapping

Provider = Callable[[Iterable[str]], Mapping[str, str]]


def _nobody_objects(emails: Iterable[str]) -> Mapping[str, str]:
    return {}


_provider: Provider = _nobody_objects


def bind(provider: Provider) -> None:
    """Let `provider` say which addresses object, in lower case, and why in a word or two."""
    global _provider
    _provider = provider


def objections_of(emails: Iterable[str]) -> Mapping[str, str]:
    """Why these addresses must not be written to, by address; the others are left out."""
    asked = {each.lower() for each in emails if each}
    return _provider(asked) if asked else {}
