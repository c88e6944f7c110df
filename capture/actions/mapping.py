"""What a person decides about an import before it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from capture.importing.plans import columns_in_doubt
from capture.importing.rows import NEEDED
from capture.importing.targets import (
    NAMING,
    TARGETS,
    allowed,
    label_of,
    live_fields,
    may_repeat,
    purposes,
)
from capture.models import DateOrder, Import, Known, Match, Origin, Use
from capture.models.imports import every_use
from leadmgmt.kernel.refusals import Refusal

MOST_WORDS = 50


class CannotStartImport(Refusal):
    """The mapping does not say enough, or says it twice."""


@dataclass(frozen=True)
class Settings:
    """What a person decides about an import before it starts."""

    mapping: Sequence[str]
    identity: str = ""
    unknown_words: Sequence[str] = ()
    known: str = Known.FILL
    date_order: str = ""
    is_quiet: bool = True
    campaign_id: UUID | None = None
    origin: str = Origin.OWN
    licence: str = ""
    expires_on: date | None = None
    uses: Sequence[str] = field(default_factory=every_use)


def words_of(words: Sequence[str]) -> list[str]:
    """Words for “unknown” as an import stores them: small, once each, not too many."""
    return list(dict.fromkeys(word.strip().lower()[:60] for word in words if word.strip()))[
        :MOST_WORDS
    ]


def refuse_wrong(found: Import, settings: Settings) -> None:
    """Refuse a mapping that names no place we know, or one place twice, or nobody."""
    _refuse_unknown(settings)
    custom, asked = live_fields(), purposes()
    if len(settings.mapping) != len(found.columns) or not (
        set(settings.mapping) <= allowed(custom, asked)
    ):
        raise CannotStartImport(_("Choose for each column where it goes, from the list."))
    used = [target for target in settings.mapping if not may_repeat(target)]
    for target in used:
        if used.count(target) > 1:
            raise CannotStartImport(
                _("Two columns go to “%s”; leave one out or make it a new field.")
                % label_of(target, custom, asked)
            )
    if not NAMING & set(used):
        raise CannotStartImport(_("At least one column must be a name, email, phone or id."))
    refuse_matchless(settings, used)


def refuse_matchless(settings: Settings, used: Sequence[str]) -> None:
    """Refuse to tell people apart by what no column holds."""
    needed = NEEDED.get(Match(settings.identity), (settings.identity,))
    if needed and not set(needed) & set(used):
        names = _(" or ").join(f"“{TARGETS[each]}”" for each in needed)
        raise CannotStartImport(
            _("No column goes to %s, which is to tell people apart; choose one.") % names,
            field="identity",
        )


def refuse_doubtful_dates(found: Import) -> None:
    """Refuse to guess whether 3/4 is in March or in April."""
    doubtful = columns_in_doubt(found, found.mapping)
    if doubtful and not found.date_order:
        raise CannotStartImport(
            _("“%(column)s” holds dates such as %(date)s: say whether the day or the month "
              "comes first.")
            % {"column": doubtful[0]["header"], "date": doubtful[0].get("in_doubt", "")},
            field="date_order",
        )  # fmt: skip


def _refuse_unknown(settings: Settings) -> None:
    choices: Mapping[str, tuple[str, Sequence[str]]] = {
        "identity": (settings.identity, Match.values),
        "known": (settings.known, Known.values),
        "date_order": (settings.date_order, DateOrder.values),
        "origin": (settings.origin, Origin.values),
    }
    for name, (value, values) in choices.items():
        if value not in values:
            raise CannotStartImport(
                _("“%(value)s” is none of: %(values)s.")
                % {"value": value, "values": ", ".join(each or "“”" for each in values)},
                field=name,
            )
    if not set(settings.uses) <= set(Use.values):
        raise CannotStartImport(_("Uses are some of: %s.") % ", ".join(Use.values), field="uses")
