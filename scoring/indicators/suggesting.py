"""Indicators that hold for many firms, to begin a list with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from leads.kinds import Kind
from scoring.indicators.drafting import IndicatorWords, save_indicator
from scoring.models import Indicator, IndicatorList


def suggestions() -> Mapping[str, IndicatorWords]:
    """Ready indicators by their names in addresses."""
    return {
        "asked": IndicatorWords(
            _("Sent us a form lately"),
            {"activity": Kind.FORM_SUBMITTED.value, "within_days": 30},
            _("Who writes to us has a question now."),
        ),
        "prices": IndicatorWords(
            _("Came back to the prices"),
            _viewed("/pricing", at_least=2, within_days=30),
            _("One look is curiosity; the second is a comparison."),
        ),
        "talked": IndicatorWords(
            _("Talked with us"),
            {
                "any": [
                    {"activity": Kind.MEETING.value, "within_days": 60},
                    {"activity": Kind.CALL.value, "within_days": 60},
                ]
            },
            _("A conversation tells more than any page."),
        ),
    }


def open_suggestions(draft: IndicatorList | None) -> Mapping[str, IndicatorWords]:
    """Those the draft does not have yet."""
    taken = set(draft.indicators.values_list("name", flat=True)) if draft else set()
    return {key: words for key, words in suggestions().items() if words.name not in taken}


def add_suggestion(draft: IndicatorList, key: str) -> Indicator:
    """Put a ready indicator into the draft; KeyError for a name nobody knows."""
    return save_indicator(draft, suggestions()[key])


def _viewed(path: str, **asked: int) -> dict[str, Any]:
    where = [{"property": "path", "contains": path}]
    return {"activity": Kind.PAGE_VIEW.value, "where": where, **asked}
