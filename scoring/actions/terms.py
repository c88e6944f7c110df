"""What may follow from a publish, and how: in stages, under caps."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from scoring.following import MQL, names
from scoring.line import can_follow
from scoring.models import ModelVersion

LONGEST_WAIT = 24 * 14  # hours from stage to stage


class CannotRelease(Refusal):
    """What is to follow, a cap or a stage makes no sense."""


@dataclass(frozen=True)
class Terms:
    """What follows from a publish, and how: see `Release`."""

    effects: tuple[str, ...]
    total_cap: int | None = None
    hourly_cap: int | None = None
    shares: tuple[int, ...] = (1, 10, 100)
    hours: int | None = None


def refuse_senseless(version: ModelVersion, terms: Terms) -> None:
    """Refuse effects, caps and stages that make no sense."""
    if not can_follow(version):
        raise CannotRelease(
            _(
                "Nothing follows from the score of a product line: the definition of an MQL does "
                "not ask for it."
            ),
            field="effects",
        )
    _refuse_effects(terms.effects)
    for field in ("total_cap", "hourly_cap"):
        cap = getattr(terms, field)
        if cap is not None and cap < 1:
            raise CannotRelease(_("A cap is 1 or more; leave it empty for none."), field=field)
    _refuse_stages(terms)


def _refuse_effects(effects: tuple[str, ...]) -> None:
    for each in effects:
        if each not in names():
            known = ", ".join(names())
            sentence = _("“%(name)s” is no effect; there are %(known)s.")
            raise CannotRelease(sentence % {"name": each, "known": known}, field="effects")
    if MQL not in effects:
        sentence = _("All else follows from becoming an MQL; choose it too, or publish quietly.")
        raise CannotRelease(sentence, field="effects")


def _refuse_stages(terms: Terms) -> None:
    shares = list(terms.shares)
    if not shares or shares != sorted(set(shares)) or shares[0] < 1 or shares[-1] != 100:
        sentence = _("Stages are growing percentages from 1 on, and the last is 100.")
        raise CannotRelease(sentence, field="shares")
    if terms.hours is not None and not 1 <= terms.hours <= LONGEST_WAIT:
        sentence = _("From stage to stage it is 1 to %(most)d hours; leave it empty to go by hand.")
        raise CannotRelease(sentence % {"most": LONGEST_WAIT}, field="hours")
