"""What is asked of the past: which leads, when one decides about them, what counts as success."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads.conditions import ValueKind, known_fields
from leads.models import Stage

BY_FIELD = "field"
OUTCOMES = (Stage.SQL.value, Stage.CUSTOMER.value, BY_FIELD)
LONGEST = 1_000  # days
YES, NO = "true", "false"
WORDS = {"yes": YES, "1": YES, "true": YES, "no": NO, "0": NO, "false": NO}

TELLING = frozenset({ValueKind.TEXT, ValueKind.CHOICE, ValueKind.NUMBER, ValueKind.YES_NO})
"""Kinds of field whose value can be an outcome."""


class CannotStudy(Refusal):
    """The past cannot be asked like this; the sentence names the value and what is allowed."""


@dataclass(frozen=True)
class Study:
    """Leads created in a window, decided about `wait_days` after that.

    `outcome`: the stage they are to reach within `within_days` of the decision moment, or "field"
    when a custom or plain `field` says `value` by then. `without`: fields nobody may look at, as
    conditions name them.
    """

    created_from: datetime
    created_to: datetime
    outcome: str = Stage.SQL.value
    field: str = ""
    value: str = ""
    wait_days: int = 14
    within_days: int = 90
    without: frozenset[str] = frozenset()

    @property
    def is_by_field(self) -> bool:
        """The outcome stands in a field rather than in the stages."""
        return self.outcome == BY_FIELD

    @property
    def wait(self) -> timedelta:
        """From creation to the decision moment."""
        return timedelta(days=self.wait_days)

    @property
    def within(self) -> timedelta:
        """From the decision moment to the end of the outcome period."""
        return timedelta(days=self.within_days)

    @property
    def last(self) -> datetime:
        """The last moment of the window: its end is no part of it."""
        return self.created_to - timedelta(seconds=1)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {
            "created_from": self.created_from.isoformat(),
            "created_to": self.created_to.isoformat(),
            "without": sorted(self.without),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """As it was before it was stored."""
        moments = {
            name: datetime.fromisoformat(said[name]) for name in ("created_from", "created_to")
        }
        return cls(**{**said, **moments, "without": frozenset(said["without"])})


def check_study(study: Study) -> Study:
    """The study with its value as it is kept; refuses what cannot be asked."""
    _refuse_times(study)
    known = known_fields()
    _refuse_unknown(study, set(known))
    if not study.is_by_field:
        return replace(study, field="", value="")
    found = known.get(study.field)
    if found is None or found.kind not in TELLING or found.is_company:
        raise CannotStudy(
            _("“%(field)s” is no text, choice, number or yes-or-no field of a lead.")
            % {"field": study.field},
            field="field",
        )
    value = study.value.strip()
    if found.kind is ValueKind.YES_NO:
        value = WORDS.get(value.lower(), "")
    if not value:
        raise CannotStudy(
            _("Say which value of “%(field)s” counts as success; yes or no for a yes-or-no field.")
            % {"field": found.label},
            field="value",
        )
    return replace(study, value=value)


def _refuse_times(study: Study) -> None:
    if study.created_from >= study.created_to:
        raise CannotStudy(_("The window of leads must begin before it ends."), field="created_to")
    for name in ("wait_days", "within_days"):
        days = getattr(study, name)
        if not 0 <= days <= LONGEST:
            raise CannotStudy(
                _("%(days)s days are not possible; choose between 0 and %(most)s.")
                % {"days": days, "most": LONGEST},
                field=name,
            )


def _refuse_unknown(study: Study, known: set[str]) -> None:
    if study.outcome not in OUTCOMES:
        raise CannotStudy(
            _("“%(outcome)s” is none of the outcomes %(known)s.")
            % {"outcome": study.outcome, "known": ", ".join(OUTCOMES)},
            field="outcome",
        )
    if strange := sorted(study.without - known):
        raise CannotStudy(
            _("There is no field “%(field)s” to leave out.") % {"field": strange[0]},
            field="without",
        )
