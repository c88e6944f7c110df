"""What a new workspace begins with; marketing and sales make it their own."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from leads.models import Stage


@dataclass(frozen=True)
class Standard:
    """What one stage means at first."""

    explanation: str
    moves_to: list[Stage]
    exit_reasons: list[str] = field(default_factory=list)
    condition: dict[str, Any] = field(default_factory=dict)

    def as_content(self) -> dict[str, Any]:
        """The columns of a definition."""
        return asdict(self)


def standard_definitions() -> dict[Stage, Standard]:
    """What the stages mean in a new workspace."""
    lead, mql, sql, customer, nurturing, never = Stage
    no_need, no_budget = _("No need"), _("No budget")
    unreached, wrong_person = _("Could not be reached"), _("Wrong person")
    return {
        lead: Standard(
            _("A person we know by name, email or phone, and may learn more about."),
            [mql, sql, nurturing, never],
            [_("Not a buyer"), _("Wrong or false address"), _("Asked to be left alone")],
        ),
        mql: Standard(
            _("A lead that fits and shows interest. Marketing hands it to sales; a rep calls."),
            [lead, sql, nurturing, never],
            [no_need, no_budget, wrong_person, unreached, _("Not now"), _("Not a fit")],
            {"field": "score", "is_at_least": 50},
        ),
        sql: Standard(
            _(
                "A rep has spoken to somebody who may decide, and knows budget, authority, need"
                " and timing. There is something to sell."
            ),
            [lead, mql, customer, nurturing, never],
            [_("Postponed"), _("Bought elsewhere"), no_budget, no_need, unreached],
        ),
        customer: Standard(
            _("Has bought: a deal is won, with amount and margin."),
            [lead, mql, sql, nurturing, never],
            [_("Ended the contract"), _("Returned what was bought"), _("Moved to another firm")],
        ),
        nurturing: Standard(
            _("Not now. We stay in touch, and come back on the day agreed or when interest grows."),
            [lead, mql, sql, customer, never],
            [_("Asked to be left alone"), _("Left the company"), _("Interest has gone")],
        ),
        never: Standard(
            _("Never: not a buyer, a wrong address, or asked to be left alone."),
            [lead, mql, nurturing],
        ),
    }
