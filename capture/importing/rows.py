"""From one row of a file to what it says about a lead, or the sentence why it says nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from capture.importing.columns import ATTRIBUTE
from capture.importing.values import READERS, WrongCell, as_day, as_yes_no, is_unknown
from capture.models import ProblemVerdict
from leadmgmt.kernel.refusals import Refusal
from leads.models import FieldKind
from leads.rows import NewLead, normalised_row

FLAGS = ("do_not_email", "do_not_call")
IN_SMALL = ("source", "medium")  # as tracking writes them, so that one source has one name
LONGEST_REASON = 500


@dataclass(frozen=True)
class Plan:
    """How the rows of one import are read."""

    headers: Sequence[str]
    mapping: Sequence[str]
    kinds: Mapping[str, str]  # custom field key → kind
    unknown: Collection[str]
    identity: str
    campaign_id: UUID | None
    region: Callable[[], str | None]


@dataclass(frozen=True)
class Problem:
    """A row that makes no lead."""

    row: int
    verdict: str
    reason: str
    cells: list[str]


def read_row(plan: Plan, number: int, cells: list[str]) -> NewLead | Problem:
    """What the row says, normalised; or why it is left out."""
    try:
        facts = _facts(plan, cells)
        if not facts:
            reason = _("Nothing in this row is known.")
            return _problem(number, ProblemVerdict.SKIPPED, reason, cells)
        _refuse_nameless(plan, facts)
        return normalised_row(_lead(facts, plan.campaign_id), region=plan.region)
    except (WrongCell, Refusal) as problem:
        return _problem(number, ProblemVerdict.REJECTED, str(problem), cells)


def _facts(plan: Plan, cells: list[str]) -> dict[str, Any]:
    """Target → value, of the cells that say something."""
    extra = [cell for cell in cells[len(plan.headers) :] if cell.strip()]
    if extra:
        raise WrongCell(
            _("The row has %(count)d cells, but the file has %(columns)d columns; a delimiter "
              "inside a text may lack its quotation marks.")
            % {"count": len(cells), "columns": len(plan.headers)}
        )  # fmt: skip
    facts = {}
    for header, target, cell in zip(plan.headers, plan.mapping, cells, strict=False):
        text = cell.strip()
        if target and not is_unknown(text, plan.unknown):
            facts[target] = _value(plan, header, target, text)
    return facts


def _value(plan: Plan, header: str, target: str, text: str) -> Any:
    if "\x00" in text:
        raise WrongCell(_("“%s” holds the NUL character, which no text may hold.") % header)
    try:
        return _reader(plan, target)(text)
    except WrongCell as problem:
        raise WrongCell(
            _("%(column)s: “%(value)s” %(why)s.")
            % {"column": header, "value": text[:80], "why": problem}
        ) from None


def _reader(plan: Plan, target: str) -> Callable[[str], Any]:
    if target.startswith(ATTRIBUTE):
        return READERS[plan.kinds.get(target.removeprefix(ATTRIBUTE), FieldKind.TEXT)]
    if target in FLAGS:
        return as_yes_no
    if target == "first_seen_at":
        return lambda text: datetime.combine(as_day(text), time(12), tzinfo=UTC)
    return str.lower if target in IN_SMALL else str


def _refuse_nameless(plan: Plan, facts: Mapping[str, Any]) -> None:
    if plan.identity and plan.identity not in facts:
        header = plan.headers[list(plan.mapping).index(plan.identity)]
        raise WrongCell(_("“%s”, which tells leads apart, is not known.") % header)
    if not any(name in facts for name in ("name", "last_name", "email", "phone", "external_id")):
        raise WrongCell(_("Neither a name nor an email, a phone number or an id is known."))


def _lead(facts: dict[str, Any], campaign_id: UUID | None) -> NewLead:
    given = {name: value for name, value in facts.items() if not name.startswith(ATTRIBUTE)}
    parts = [given.pop("first_name", ""), given.pop("last_name", "")]
    given.setdefault("name", " ".join(part for part in parts if part))
    attributes = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in facts.items()
        if name.startswith(ATTRIBUTE)
    }
    return NewLead(**given, attributes=attributes, campaign_id=campaign_id)


def _problem(number: int, verdict: str, reason: str, cells: list[str]) -> Problem:
    shown = [cell.replace("\x00", "\ufffd")[:2_000] for cell in cells[:200]]
    return Problem(number, verdict, reason[:LONGEST_REASON], shown)
