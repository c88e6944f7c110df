"""What can be written about a rule, and what is refused with a sentence."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads.conditions import ActivityTest, Condition, Field, FieldTest, parse, segments_in
from leads.models import Segment
from scoring.meaning import Meant, meant_now
from scoring.models import Decay, Per, RuleKind

CIRCULAR = ("score", "score.", "chance", "lead_class", "grade")
"""What scores help to make, or may: a rule that asked for it could run in circles."""

LARGEST = 1_000
LARGEST_CAP = 100_000
LONGEST_WINDOW = 3_650
MOST_STEPS = 10
PAIR = 2


class CannotSaveRule(Refusal):
    """The rule says something the model cannot work out; `field` is what to change."""


@dataclass(frozen=True)
class RuleWords:
    """What somebody wrote about a rule; `condition` is a JSON tree, `group` the id of a group."""

    name: str
    kind: str
    condition: dict[str, Any]
    points: int
    per: str = Per.ONCE
    window_days: int | None = None
    cap: int | None = None
    decay: str = Decay.NONE
    half_life_days: int | None = None
    steps: tuple[tuple[int, int], ...] | list[list[int]] = ()
    group: UUID | None = None


def refuse_circular(condition: Condition) -> None:
    """Refuse a question about what scores help to make, also one that a segment asks."""
    circular = _circular(condition)
    if circular:
        raise CannotSaveRule(
            _("A rule cannot look at “%(field)s”, which scores help to make.")
            % {"field": min(circular)},
            field="condition",
        )
    asked = segments_in(condition)
    if asked:
        _refuse_segments({str(each) for each in asked}, meant_now([condition.tree]))


def _refuse_segments(asked: set[str], meant: Meant) -> None:
    """Indicators and live segments can be asked about as long as no score is behind them."""
    for each in meant.values():
        inner = parse(each["condition"], is_stored=True)
        circular = _circular(inner)
        if circular:
            raise CannotSaveRule(
                _("A rule cannot look at “%(name)s”: it asks for “%(field)s”, which scores make.")
                % {"name": each["name"], "field": min(circular)},
                field="condition",
            )
        asked |= {str(one) for one in segments_in(inner)}
    fixed = Segment.objects.filter(pk__in=asked - {*meant}).order_by("name").first()
    if fixed is not None:
        raise CannotSaveRule(
            _("“%(name)s” is a fixed list; a rule can look at indicators and live segments only.")
            % {"name": fixed.name},
            field="condition",
        )


def _circular(condition: Condition) -> list[str]:
    asked = [test.field for test in condition.leaves() if isinstance(test, FieldTest)]
    return [str(each.label) if each.lender else each.name for each in asked if _turns(each)]


def _turns(field: Field) -> bool:
    return field.name in CIRCULAR or bool(field.lender)


def refuse_wrong(words: RuleWords) -> None:
    """Refuse what cannot be worked out, with the name of the input at fault."""
    if not words.name.strip():
        raise CannotSaveRule(_("Give the rule a name."), field="name")
    if not 0 < abs(words.points) <= LARGEST:
        raise CannotSaveRule(
            _("Points are %(points)s; allowed are -%(most)s to %(most)s, but not 0.")
            % {"points": words.points, "most": LARGEST},
            field="points",
        )
    condition = parse(words.condition)
    if words.kind == RuleKind.PROFILE:
        _refuse_wrong_profile(words, condition)
    else:
        _refuse_wrong_behaviour(words, condition)


def _refuse_wrong_profile(words: RuleWords, condition: Condition) -> None:
    tests = list(condition.leaves())
    if not tests:
        raise CannotSaveRule(_("Say for whom the points are: add a condition."), field="condition")
    if not all(isinstance(test, FieldTest) for test in tests):
        raise CannotSaveRule(
            _("A profile rule looks at what a lead is; make a behaviour rule for what it does."),
            field="condition",
        )
    refuse_circular(condition)
    if (words.per, words.window_days, words.cap) != (Per.ONCE, None, None):
        raise CannotSaveRule(
            _("A profile rule gives its points once, without window and cap."), field="per"
        )
    if words.decay != Decay.NONE:
        raise CannotSaveRule(
            _("Points for what a lead is do not fade; only what it does has a day."), field="decay"
        )


def _refuse_wrong_behaviour(words: RuleWords, condition: Condition) -> None:
    test = condition.root
    if not isinstance(test, ActivityTest) or _is_windowed(test):
        raise CannotSaveRule(
            _("A behaviour rule looks for one kind of activity; its days are set beside it."),
            field="condition",
        )
    if words.per not in Per.values:
        raise CannotSaveRule(
            _("“Given” is %(per)s; allowed: %(allowed)s.")
            % {"per": words.per, "allowed": ", ".join(Per.values)},
            field="per",
        )
    if words.per != Per.ONCE and (test.least, test.most) != (1, None):
        raise CannotSaveRule(
            _("Only points given once can depend on how often something happened."), field="per"
        )
    refuse_wrong_fading(words, test)
    _refuse_outside(words.window_days, 0, LONGEST_WINDOW, "window_days", _("Days that count"))
    _refuse_outside(words.cap, 1, LARGEST_CAP, "cap", _("At most"))


def _is_windowed(test: ActivityTest) -> bool:
    return test.within_days is not None or test.more_than_days_ago is not None


def refuse_wrong_fading(words: RuleWords, test: ActivityTest) -> None:
    """Refuse points that could not fade, or whose fading is not said exactly."""
    if words.decay not in Decay.values:
        raise CannotSaveRule(
            _("“Fades” is %(decay)s; allowed: %(allowed)s.")
            % {"decay": words.decay, "allowed": ", ".join(Decay.values)},
            field="decay",
        )
    if words.decay != Decay.NONE and words.per == Per.ONCE and test.least == 0:
        raise CannotSaveRule(
            _("Points for what did not happen cannot fade; they have no day."), field="decay"
        )
    if words.decay == Decay.HALF_LIFE:
        if words.half_life_days is None:
            raise CannotSaveRule(
                _("Say in how many days the points fade by half."), field="half_life_days"
            )
        _refuse_outside(words.half_life_days, 1, LONGEST_WINDOW, "half_life_days", _("Half after"))
    if words.decay == Decay.STEPS:
        _refuse_wrong_steps(words.steps)


def _refuse_wrong_steps(steps: Any) -> None:
    """Steps are pairs of days and percent; days rise from 1, percentages fall from 99."""
    pairs = [tuple(each) for each in steps] if isinstance(steps, list | tuple) else []
    is_shaped = all(
        len(pair) == PAIR and all(type(number) is int for number in pair) for pair in pairs
    )
    days = [0, *(pair[0] for pair in pairs), LONGEST_WINDOW + 1] if is_shaped else []
    left = [100, *(pair[1] for pair in pairs), -1] if is_shaped else []
    if (
        not 1 <= len(pairs) <= MOST_STEPS
        or not is_shaped
        or any(early >= late for early, late in pairwise(days))
        or any(more <= less for more, less in pairwise(left))
    ):
        raise CannotSaveRule(
            _(
                "Steps are 1 to %(most)s pairs of days and percent: days rise from 1 to %(days)s, "
                "percentages fall from 99 to 0."
            )
            % {"most": MOST_STEPS, "days": LONGEST_WINDOW},
            field="steps",
        )


def _refuse_outside(value: int | None, least: int, most: int, field: str, label: str) -> None:
    if value is not None and not least <= value <= most:
        raise CannotSaveRule(
            _("“%(label)s” is %(value)s; allowed are %(least)s to %(most)s, or nothing.")
            % {"label": label, "value": value, "least": least, "most": most},
            field=field,
        )
