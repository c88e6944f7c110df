"""What would let a lead in: the criteria of a stage, part by part, and what people must do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from funnel.actions.leaving import has_bought, is_qualified
from funnel.actions.promoting import waits_of
from funnel.models import Definition
from leadmgmt.ui import formatting
from leads.conditions import Explained, Group, Node, Word, explain, parse
from leads.models import Lead, Stage

NEXT = {
    Stage.LEAD: Stage.MQL,
    Stage.NURTURING: Stage.MQL,
    Stage.DISQUALIFIED: Stage.LEAD,
    Stage.MQL: Stage.SQL,
    Stage.SQL: Stage.CUSTOMER,
}
"""The way a lead goes on; a customer has arrived."""


@dataclass(frozen=True)
class Part:
    """One thing that is asked for, and whether it is there.

    `by_people`: somebody must do it. `parts`: any of these is enough.
    """

    sentence: str
    is_met: bool
    by_people: bool = False
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Entry:
    """What one stage asks of one lead.

    `waits`: what keeps the rule from a lead
    that meets it. `is_allowed`: the definition of the present stage lets it go there by hand.
    """

    stage: Stage
    definition: Definition | None
    parts: Sequence[Part]
    waits: Sequence[str]
    is_allowed: bool
    is_by_rule: bool

    @property
    def is_open(self) -> bool:
        """Everything is there."""
        return all(part.is_met for part in self.parts)

    @property
    def missing(self) -> int:
        """How many things are not there yet."""
        return sum(not part.is_met for part in self.parts)


def entry_check(lead: Lead, stage: Stage | None = None, *, now: datetime) -> Entry | None:
    """What `stage`, by default the next one, asks of the lead; None where there is no next."""
    stage = stage or NEXT.get(Stage(lead.stage))
    if stage is None or stage == lead.stage:
        return None
    bound = Definition.objects.published().filter(stage__in=(stage, lead.stage))
    known = {each.stage: each for each in bound}
    there, here = known.get(stage), known.get(lead.stage)
    criteria = _criteria(there, lead, now)
    is_by_rule = stage == Stage.MQL and bool(criteria)
    return Entry(
        stage=stage,
        definition=there,
        parts=[*criteria, *_duties(stage, there, lead)],
        waits=_waits(lead, now) if is_by_rule else [],
        is_allowed=here is None or stage in here.may_go_to,
        is_by_rule=is_by_rule,
    )


def _criteria(there: Definition | None, lead: Lead, now: datetime) -> list[Part]:
    if there is None or not there.condition:
        return []
    condition = parse(there.condition, is_stored=True)
    found = explain(condition, [lead.pk], now).get(lead.pk)
    if found is None:
        return []
    root = condition.root
    if isinstance(root, Group) and root.word == Word.ALL:
        return [_part(*each) for each in zip(root.parts, found.parts, strict=True)]
    return [_part(root, found)]


def _part(node: Node, found: Explained) -> Part:
    if isinstance(node, Group) and node.word == Word.ANY:
        parts = tuple(_part(*each) for each in zip(node.parts, found.parts, strict=True))
        return Part(_("One of these"), found.is_holding, parts=parts)
    return Part(found.sentence, found.is_holding)


def _duties(stage: Stage, there: Definition | None, lead: Lead) -> list[Part]:
    if stage == Stage.SQL and (there is None or there.needs_qualification):
        sentence = _("A rep records a positive qualification in this cycle")
        return [Part(sentence, is_qualified(lead), by_people=True)]
    if stage == Stage.CUSTOMER:
        return [Part(_("A deal is won"), has_bought(lead), by_people=True)]
    return []


def _waits(lead: Lead, now: datetime) -> list[str]:
    agreed, cools_until = waits_of(lead, now=now)
    said = []
    if agreed:
        sentence = _("Asked to be left alone until %(day)s; the rule waits.")
        said.append(sentence % {"day": formatting.day(agreed)})
    if cools_until:
        sentence = _("A colleague sent it back; the rule waits until %(day)s.")
        said.append(sentence % {"day": formatting.day(cools_until)})
    return said
