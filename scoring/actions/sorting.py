"""How a draft makes a class, or a grade, of a score; and decision rules instead of points."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leads.conditions import parse
from leads.models import Grade, LeadClass
from scoring.actions.drafting import CannotChangeModel, lock_draft
from scoring.actions.words import LARGEST_CAP, CannotSaveRule, refuse_circular
from scoring.models import GRADES_FROM, Decision, Mode, ModelVersion, Purpose

LETTERS = (*dict.fromkeys(letter[0] for letter in Grade.values), "")
"""Letters of the grades, without thirds; "" is a lead without a grade."""

MOST_DECISIONS = 30


class CannotSort(CannotSaveRule):
    """Classes or grades would not follow from the score."""


def set_thresholds(draft: ModelVersion, *, hot_from: int, warm_from: int) -> None:
    """From which score a lead is hot, and from which warm."""
    if hot_from <= warm_from:
        raise CannotSort(
            _("“Hot from” is %(hot)s; it must be above “warm from”, which is %(warm)s.")
            % {"hot": hot_from, "warm": warm_from},
            field="hot_from",
        )
    _change(draft, hot_from=hot_from, warm_from=warm_from)


def set_bounds(draft: ModelVersion, *, least: int | None, most: int | None) -> None:
    """No score leaves these bounds; None is without end. 0 must stay possible."""
    if least is not None and not -LARGEST_CAP <= least <= 0:
        raise CannotSort(
            _("“At least” is %(value)s; allowed are -%(most)s to 0, or nothing.")
            % {"value": least, "most": LARGEST_CAP},
            field="least",
        )
    if most is not None and not 1 <= most <= LARGEST_CAP:
        raise CannotSort(
            _("“At most” is %(value)s; allowed are 1 to %(most)s, or nothing.")
            % {"value": most, "most": LARGEST_CAP},
            field="most",
        )
    _change(draft, least=least, most=most)


def set_matrix(
    draft: ModelVersion, *, matrix: Mapping[str, Any], urgency: Mapping[str, Any] | None = None
) -> None:
    """The class by band, letter of the grade and urgency; nothing said, it is the band.

    `urgency`: the condition that makes a lead urgent, such as having asked for a demo of late.
    """
    _refuse_purpose(draft, Purpose.MAIN)
    _refuse_wrong_matrix(matrix)
    if urgency:
        refuse_circular(parse(urgency))
    _change(draft, matrix=matrix, urgency=urgency or {})


def set_grades(draft: ModelVersion, grades: Sequence[int]) -> None:
    """The least score of each grade from A+ down to D-; all below is F."""
    _refuse_purpose(draft, Purpose.FIT)
    bounds = list(grades)
    is_falling = all(more > less for more, less in pairwise(bounds))
    if len(bounds) != len(GRADES_FROM) or not is_falling:
        raise CannotSort(
            _("Grades are %(count)s scores, from A+ down to D-, each below the one before.")
            % {"count": len(GRADES_FROM)},
            field="grades",
        )
    _change(draft, grades=bounds)


def set_mode(draft: ModelVersion, mode: str) -> None:
    """Sort by points, or by decision rules without any number."""
    if mode not in Mode.values:
        raise CannotSort(
            _("“Sorts by” is %(mode)s; allowed: %(allowed)s.")
            % {"mode": mode, "allowed": ", ".join(Mode.values)},
            field="mode",
        )
    if mode == Mode.DECISIONS:
        _refuse_purpose(draft, Purpose.MAIN)
    _change(draft, mode=mode)


def save_decision(
    draft: ModelVersion,
    *,
    name: str,
    condition: Mapping[str, Any],
    lead_class: str,
    decision_id: UUID | None = None,
) -> Decision:
    """Add a decision rule at the end of the draft, or change one of them."""
    _refuse_wrong_decision(name, condition, lead_class)
    values = {"name": name.strip(), "condition": condition, "lead_class": lead_class}
    with transaction.atomic():
        lock_draft(draft)
        if decision_id is not None:
            draft.decisions.filter(pk=decision_id).update(**values)
            return draft.decisions.get(pk=decision_id)
        if draft.decisions.count() >= MOST_DECISIONS:
            raise CannotSort(
                _("A model has at most %(most)s decision rules.") % {"most": MOST_DECISIONS}
            )
        last = draft.decisions.aggregate(last=Max("position"))["last"]
        return draft.decisions.create(position=0 if last is None else last + 1, **values)


def remove_decision(decision: Decision) -> None:
    """Take a decision rule out of the draft."""
    with transaction.atomic():
        lock_draft(decision.version)
        decision.delete()


def duplicate_decision(decision: Decision) -> Decision:
    """The same decision rule once more, right below."""
    with transaction.atomic():
        lock_draft(decision.version)
        rules = ordering.in_order(decision.version.decisions.all())
        copy = save_decision(
            decision.version,
            name=_("%(name)s (copy)") % {"name": decision.name[:100]},
            condition=decision.condition,
            lead_class=decision.lead_class,
        )
        rules.insert(rules.index(decision) + 1, copy)
        ordering.number(rules)
        return copy


def move_decision(decision: Decision, *, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        lock_draft(decision.version)
        ordering.step(decision.version.decisions.all(), decision, up=up)


def order_decisions(draft: ModelVersion, decision_ids: Sequence[UUID]) -> None:
    """Put the decision rules in this order; the first that holds decides."""
    with transaction.atomic():
        lock_draft(draft)
        ordering.arrange(draft.decisions.all(), decision_ids)


def _change(draft: ModelVersion, **values: Any) -> None:
    with transaction.atomic():
        lock_draft(draft)
        ModelVersion.objects.filter(pk=draft.pk).update(**values)


def _refuse_purpose(draft: ModelVersion, purpose: Purpose) -> None:
    if draft.model.purpose != purpose:
        raise CannotChangeModel(
            _("Only a model of the purpose “%(purpose)s” can say this.")
            % {"purpose": purpose.label}
        )


def _refuse_wrong_matrix(matrix: Mapping[str, Any]) -> None:
    """Band → letter → [class if not urgent, class if urgent]."""
    is_right = all(
        band in LeadClass.values
        and isinstance(row, dict)
        and all(letter in LETTERS and _is_cell(cell) for letter, cell in row.items())
        for band, row in matrix.items()
    )
    if not is_right:
        raise CannotSort(
            _(
                "The matrix gives two classes (not urgent, urgent) for each band and each letter: "
                "bands and classes are %(classes)s, letters are %(letters)s or nothing."
            )
            % {"classes": ", ".join(LeadClass.values), "letters": ", ".join(LETTERS[:-1])},
            field="matrix",
        )


def _is_cell(cell: object) -> bool:
    return (
        isinstance(cell, list | tuple)
        and len(cell) == len(("calm", "urgent"))
        and all(each in LeadClass.values for each in cell)
    )


def _refuse_wrong_decision(name: str, condition: Mapping[str, Any], lead_class: str) -> None:
    if not name.strip():
        raise CannotSort(_("Give the decision rule a name."), field="name")
    if lead_class not in LeadClass.values:
        raise CannotSort(
            _("“Class” is %(value)s; allowed: %(allowed)s.")
            % {"value": lead_class, "allowed": ", ".join(LeadClass.values)},
            field="lead_class",
        )
    parsed = parse(condition)
    if not list(parsed.leaves()):
        raise CannotSort(_("Say for whom it decides: add a condition."), field="condition")
    refuse_circular(parsed)
