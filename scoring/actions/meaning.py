"""What the segments mean that a version asks about, written down as it is published."""

from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leads.conditions import parse
from leads.models import Segment
from leads.uses import segments_named
from scoring.actions.content import naming
from scoring.actions.words import CannotSaveRule, refuse_circular
from scoring.meaning import meant_now
from scoring.models import ModelVersion


def keep_meaning(version: ModelVersion) -> None:
    """Let the version go on meaning what its segments mean now.

    Refuses, naming the rule, what has come to ask for a score since the rule was written, and a
    segment or an indicator that has retired.
    """
    rules: list[Any] = ordering.in_order(
        version.decisions.all() if version.is_by_decisions else version.rules.all()
    )
    noun = _("Decision rule") if version.is_by_decisions else _("Rule")
    for nth, each in enumerate(rules, start=1):
        with naming(noun, "rules", nth, each.name):
            _refuse(each.condition)
    _refuse(version.urgency)
    version.meant = meant_now([*(each.condition for each in rules), version.urgency])


def _refuse(tree: dict[str, Any]) -> None:
    if segments_named(tree):
        refuse_circular(parse(tree, is_stored=True))
        _refuse_retired(tree)


def _refuse_retired(tree: dict[str, Any]) -> None:
    retired = Segment.objects.filter(pk__in=segments_named(tree)).exclude(retired_at=None)
    found = retired.order_by("name").first()
    if found is not None:
        raise CannotSaveRule(
            _("“%(name)s” has retired; take it out of the rule, or restore it.")
            % {"name": found.name},
            field="condition",
        )
