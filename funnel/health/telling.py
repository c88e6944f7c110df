"""What health tells: the rules in words, and whom a draft would move."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from funnel.health.drafting import rules_of
from funnel.health.judging import Verdict, all_verdicts, counted
from funnel.models import Customer, Health, HealthPlan, HealthRule
from leads.conditions import parse, read_aloud

MOST_EXAMPLES = 25


@dataclass(frozen=True)
class HealthTold:
    """A rule, its condition in plain words, and how many customers it speaks for now."""

    rule: HealthRule
    when: str
    customers: int = 0


@dataclass(frozen=True)
class LevelTold:
    """One level: how many customers fare so now, and how many would."""

    level: str
    label: str
    now: int
    would: int


@dataclass(frozen=True)
class Mover:
    """A customer that would fare otherwise, and why."""

    customer: Customer
    was: str
    would: str
    why: str


@dataclass(frozen=True)
class Preview:
    """What a draft would make of today's customers; nothing is written."""

    total: int
    levels: Sequence[LevelTold]
    moving: int
    movers: Sequence[Mover]
    rules: Sequence[HealthTold]


def told_rules(plan: HealthPlan) -> list[HealthTold]:
    """The rules of a version in their order."""
    spoken = Counter(
        Customer.objects.current()
        .filter(health_rule__plan=plan)
        .values_list("health_rule_id", flat=True)
    )
    return [
        HealthTold(
            each, capfirst(read_aloud(parse(each.condition, is_stored=True))), spoken[each.pk]
        )
        for each in rules_of(plan)
    ]


def versions() -> Sequence[HealthPlan]:
    """Those that were ever published, the newest first; the last of them is told of, when off."""
    return list(HealthPlan.objects.numbered().select_related("published_by", "retired_by")[:50])


def preview_of(draft: HealthPlan, *, now: datetime) -> Preview:
    """Ask the draft about every customer; who fares worst comes first among the examples."""
    rules = rules_of(draft)
    verdicts = list(all_verdicts(rules, now=now))
    known = dict(Customer.objects.current().values_list("pk", "health"))
    has = Counter(known.values())
    would = counted(verdicts)
    moving = [each for each in verdicts if known.get(each.customer_id, "") != each.health]
    return Preview(
        total=len(verdicts),
        levels=[
            LevelTold(value, str(label), has[value], would[value])
            for value, label in Health.choices
        ],
        moving=len(moving),
        movers=_movers(moving, known),
        rules=_told(rules, Counter(each.rule.pk for each in verdicts if each.rule)),
    )


def health_panel(customer: Customer) -> dict[str, Any] | None:
    """How the customer fares, since when and by which rule."""
    if not customer.health:
        return None
    return {"why": why(customer)}


def why(customer: Customer) -> str:
    """The sentence why a customer fares so."""
    rule = customer.health_rule
    if rule is None:
        return _("No rule speaks against it.")
    told = {"number": rule.number, "rule": rule.name, "version": rule.plan}
    return _("Rule %(number)d: %(rule)s (%(version)s).") % told


def _told(rules: Sequence[HealthRule], spoken: Counter[Any]) -> list[HealthTold]:
    return [HealthTold(each, _aloud(each), spoken[each.pk]) for each in rules]


def _aloud(rule: HealthRule) -> str:
    return capfirst(read_aloud(parse(rule.condition, is_stored=True)))


def _movers(moving: Sequence[Verdict], known: dict[Any, str]) -> list[Mover]:
    worst = sorted(moving, key=_severity)[:MOST_EXAMPLES]
    rows = Customer.objects.filter(pk__in=[each.customer_id for each in worst])
    found = {each.pk: each for each in rows.select_related("company", "lead")}
    return [
        Mover(
            found[each.customer_id],
            known[each.customer_id],
            each.health,
            each.rule.name if each.rule else _("No rule speaks against it."),
        )
        for each in worst
        if each.customer_id in found
    ]


def _severity(verdict: Verdict) -> tuple[int, str]:
    levels = list(Health.values)
    return -levels.index(verdict.health), str(verdict.customer_id)
