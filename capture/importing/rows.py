"""From one row of a file to what it says about a lead, or the sentence why it says nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from capture.importing.firms import as_domain, domain_of_website, firm_reader
from capture.importing.targets import ATTRIBUTE, COMPANY, COMPANY_ATTRIBUTE, CONSENT, NAMING, TAGS
from capture.importing.values import (
    READERS,
    Manner,
    WrongCell,
    as_day,
    as_words,
    as_yes_no,
    is_unknown,
)
from capture.models import Match, ProblemVerdict
from leadmgmt.kernel.refusals import Refusal
from leads.models import FieldKind
from leads.rows import NewLead, normalised_row

FLAGS = ("do_not_email", "do_not_call")
IN_SMALL = ("source", "medium")  # as tracking writes them, so that one source has one name
NEEDED = {Match.EMAIL_OR_PHONE: ("email", "phone"), Match.ANY: ()}
LONGEST_REASON = 500

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """A column that goes somewhere."""

    place: int
    header: str
    target: str
    read: Read


@dataclass(frozen=True)
class Plan:
    """How the rows of one import are read."""

    width: int
    columns: Sequence[Column]
    unknown: Collection[str]
    match: str
    campaign_id: UUID | None
    region: Callable[[], str | None]
    is_escaped: bool = False  # our own file of rows left out: formulas were made harmless


@dataclass(frozen=True)
class Problem:
    """A row that makes no lead."""

    row: int
    verdict: str
    reason: str
    cells: list[str]


@dataclass(frozen=True)
class Row:
    """What one row says: the person, and what goes elsewhere than into the profile."""

    number: int
    cells: list[str]
    lead: NewLead
    company: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    consents: dict[str, bool] = field(default_factory=dict)


def reader_of(target: str, kind: str, manner: Manner) -> Read:
    """How the cells of a column that goes to `target` are read."""
    if target.startswith((ATTRIBUTE, COMPANY_ATTRIBUTE)):
        return partial(_with_manner, READERS[kind or FieldKind.TEXT], manner)
    if target in FLAGS or target.startswith(CONSENT):
        return as_yes_no
    if target == TAGS:
        return as_words
    if target == "first_seen_at":
        return partial(_noon, manner)
    if target in COMPANY:
        return firm_reader(target, manner)
    return str.lower if target in IN_SMALL else str


def read_row(plan: Plan, number: int, cells: list[str]) -> Row | Problem:
    """What the row says, normalised; or why it is left out."""
    try:
        facts = _facts(plan, cells)
        if not facts:
            reason = _("Nothing in this row is known.")
            return problem_of(number, ProblemVerdict.SKIPPED, reason, cells)
        _refuse_nameless(plan, facts)
        return _row(plan, number, cells, facts)
    except (WrongCell, Refusal) as problem:
        return problem_of(number, ProblemVerdict.REJECTED, str(problem), cells)


def problem_of(number: int, verdict: str, reason: str, cells: list[str]) -> Problem:
    """A row left out, as it is kept."""
    shown = [cell.replace("\x00", "\ufffd")[:2_000] for cell in cells[:200]]
    return Problem(number, verdict, reason[:LONGEST_REASON], shown)


def _facts(plan: Plan, cells: list[str]) -> dict[str, Any]:
    """Target → value, of the cells that say something."""
    _refuse_surplus(plan, cells)
    facts: dict[str, Any] = {}
    for column in plan.columns:
        text = cells[column.place].strip() if column.place < len(cells) else ""
        if is_unknown(text, plan.unknown):
            continue
        if plan.is_escaped and text[0] == "'":
            text = text[1:]
        value = _value(column, text)
        facts[column.target] = [*facts.get(TAGS, []), *value] if column.target == TAGS else value
    return facts


def _refuse_surplus(plan: Plan, cells: list[str]) -> None:
    if len(cells) > plan.width and any(cell.strip() for cell in cells[plan.width :]):
        raise WrongCell(
            _("The row has %(count)d cells, but the file has %(columns)d columns; a delimiter "
              "inside a text may lack its quotation marks.")
            % {"count": len(cells), "columns": plan.width}
        )  # fmt: skip


def _value(column: Column, text: str) -> Any:
    if "\x00" in text:
        raise WrongCell(_("“%s” holds the NUL character, which no text may hold.") % column.header)
    try:
        return column.read(text)
    except WrongCell as problem:
        raise WrongCell(
            _("%(column)s: “%(value)s” %(why)s.")
            % {"column": column.header, "value": text[:80], "why": problem}
        ) from None


def _refuse_nameless(plan: Plan, facts: Mapping[str, Any]) -> None:
    needed = NEEDED.get(Match(plan.match), (plan.match,))
    if needed and not any(each in facts for each in needed):
        headers = [f"“{each.header}”" for each in plan.columns if each.target in needed]
        raise WrongCell(_("%s, which tells leads apart, is not known.") % _(" or ").join(headers))
    if not NAMING & facts.keys():
        raise WrongCell(_("Neither a name nor an email, a phone number or an id is known."))


def _row(plan: Plan, number: int, cells: list[str], facts: dict[str, Any]) -> Row:
    company = _taken(facts, COMPANY_ATTRIBUTE)
    firm = {name: facts.pop(name) for name in COMPANY if name in facts}
    tags = list(dict.fromkeys(facts.pop(TAGS, [])))
    consents = _taken(facts, CONSENT)
    lead = normalised_row(_lead(plan, facts, firm), region=plan.region)
    told = {name.removeprefix("company_"): value for name, value in firm.items()}
    if company:
        told["attributes"] = company
    return Row(number, cells, lead, told, tags, consents)


def _lead(plan: Plan, facts: dict[str, Any], firm: Mapping[str, Any]) -> NewLead:
    attributes = _taken(facts, ATTRIBUTE)
    parts = [facts.pop("first_name", ""), facts.pop("last_name", "")]
    facts.setdefault("name", " ".join(part for part in parts if part))
    domain = firm.get("company_domain") or domain_of_website(
        firm.get("company_website", ""), email=facts.get("email", "")
    )
    return NewLead(
        **facts,
        company_name=firm.get("company_name", ""),
        company_domain=as_domain(domain) if domain else "",
        attributes=attributes,
        campaign_id=plan.campaign_id,
    )


def _taken(facts: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The facts whose target starts with `prefix`, taken out."""
    names = [name for name in facts if name.startswith(prefix)]
    return {name.removeprefix(prefix): facts.pop(name) for name in names}


def _with_manner(read: Callable[[str, Manner], Any], manner: Manner, text: str) -> Any:
    return read(text, manner)


def _noon(manner: Manner, text: str) -> datetime:
    return datetime.combine(as_day(text, manner.date_order), time(12), tzinfo=UTC)
