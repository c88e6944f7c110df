"""What rules ask for and nobody knows of a lead: it gives and takes nothing, and could be asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from leads.conditions import Condition, Field, FieldTest, Group, Test, ValueKind, Word, explain
from scoring.meaning import condition_in
from scoring.models import Rule
from scoring.rules import profile_rules

ALWAYS_KNOWN = (ValueKind.TAGS, ValueKind.SEGMENTS, ValueKind.CONSENT, ValueKind.YES_NO)
MOST = 30


def unknown_fields(lead_id: UUID, rules: Sequence[Rule], now: datetime) -> list[str]:
    """The labels of these fields, those of the weightiest rules first; one statement."""
    fields = list(_asked(rules))[:MOST]
    if not fields:
        return []
    tests = tuple(FieldTest(each, Test("is_known", False)) for each in fields)
    verdict = explain(Condition(Group(Word.ANY, tests), None), [lead_id], now).get(lead_id)
    parts = verdict.parts if verdict else ()
    return [str(each.label) for each, part in zip(fields, parts, strict=False) if part.is_holding]


def _asked(rules: Sequence[Rule]) -> Iterable[Field]:
    """Each field once; an email's domain is as unknown as the email."""
    found: dict[tuple[bool, str], Field] = {}
    for rule in sorted(profile_rules(rules), key=lambda each: -abs(each.points)):
        for leaf in condition_in(rule.version, rule.condition).leaves():
            if isinstance(leaf, FieldTest) and leaf.field.kind not in ALWAYS_KNOWN:
                found.setdefault((leaf.field.is_company, leaf.field.stored_in), leaf.field)
    return found.values()
