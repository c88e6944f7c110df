"""What the lists can be narrowed to: one table a subject, for pages and the API.

Every filter has an index or a short way. Each reads its value from an address and gives SQL over
the row `lead` or `company`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leads.columns import Label
from leads.conditions import Sql
from leads.conditions.sql.pieces import joined
from leads.models import Grade, IdentityKind, LeadClass, Stage
from leads.normalising import WrongValue, email_address
from leads.queries.finding import LONGEST, companies_found_by, found_by

NOBODY = "nobody"
INT = 2**31


@dataclass(frozen=True)
class Filter:
    """One word of an address: how its value is read, what it means, and its OpenAPI schema."""

    name: str
    read: Callable[[str], Any]
    narrow: Callable[[Any], Sql]
    schema: dict[str, Any]
    hint: Label = ""
    label: Label = ""  # people see it as a facet or a chip


@dataclass(frozen=True)
class Narrowed:
    """The rows that are meant, and a sentence for each value that could not be read."""

    where: Sql
    wrong: dict[str, str] = field(default_factory=dict)

    def also(self, condition: Sql) -> "Narrowed":
        """Narrowed once more."""
        return Narrowed(joined(" AND ", [self.where, condition]), self.wrong)


def narrowed(query: Mapping[str, str], filters: Sequence[Filter], alias: str = "lead") -> Narrowed:
    """Rows of our workspace that fit `query`; a word without a value narrows nothing."""
    pieces = [Sql(f"{alias}.workspace_id = %s", (current_workspace_id(),))]
    wrong: dict[str, str] = {}
    for each in filters:
        if text := query.get(each.name):
            try:
                pieces.append(each.narrow(each.read(text)))
            except Refusal as refusal:
                wrong[each.name] = refusal.sentence
    return Narrowed(joined(" AND ", pieces), wrong)


def text_up_to(most: int) -> Callable[[str], str]:
    """Any text of that length."""

    def read(text: str) -> str:
        refuse_unfit_text(text)
        if len(text) > most:
            sentence = _("The text has %(length)d characters; at most %(most)d are looked for.")
            raise WrongValue(sentence % {"length": len(text), "most": most})
        return text

    return read


def one_of(choices: type[TextChoices]) -> Callable[[str], str]:
    """A value of these."""

    def read(text: str) -> str:
        if text not in choices.values:
            known = {"value": text[:40], "known": ", ".join(choices.values)}
            raise WrongValue(_("“%(value)s” is no choice; known are: %(known)s.") % known)
        return text

    return read


def an_id(text: str) -> UUID:
    """The id of something."""
    try:
        return UUID(text)
    except ValueError:
        raise WrongValue(_("“%s” is no id.") % text[:40]) from None


def an_owner(text: str) -> UUID | None:
    """A member, or nobody."""
    return None if text == NOBODY else an_id(text)


def a_whole_number(text: str) -> int:
    """A number in the range of the column."""
    try:
        number = int(text[:20])
    except ValueError:
        raise WrongValue(_("“%s” is no whole number.") % text[:40]) from None
    if not -INT <= number < INT:
        raise WrongValue(_("“%s” is too large a number.") % text[:40])
    return number


def a_moment(text: str) -> datetime:
    """A day or a moment in ISO 8601; in our time zone, unless it names one."""
    try:
        moment = datetime.fromisoformat(text[:40])
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        moment.utcoffset()
    except (ValueError, OverflowError):
        sentence = _("“%s” is no moment; write it as 2026-03-31T09:00:00Z.")
        raise WrongValue(sentence % text[:40]) from None
    return moment


def equal(sql: str) -> Callable[[Any], Sql]:
    """Equal to the value, or unknown when that is None."""
    return lambda value: Sql(f"{sql} IS NULL") if value is None else Sql(f"{sql} = %s", (value,))


def compared(sql: str) -> Callable[[Any], Sql]:
    """A comparison with the value."""
    return lambda value: Sql(f"{sql} %s", (value,))


def identified(kind: str) -> Callable[[str], Sql]:
    """Leads with this identity, also one they had before the one shown."""
    return lambda value: Sql(
        "lead.id IN (SELECT identity.lead_id FROM leads_identity identity"
        " WHERE identity.workspace_id = %s AND identity.kind = %s AND identity.value = %s)",
        (current_workspace_id(), kind, value),
    )


def tagged(tag: UUID) -> Sql:
    """Leads that wear this tag."""
    return Sql(
        "lead.id IN (SELECT worn.lead_id FROM leads_leadtag worn"
        " WHERE worn.workspace_id = %s AND worn.tag_id = %s)",
        (current_workspace_id(), tag),
    )


def company_tagged(tag: UUID) -> Sql:
    """Companies that wear this tag."""
    return Sql(
        "company.id IN (SELECT worn.company_id FROM leads_companytag worn"
        " WHERE worn.workspace_id = %s AND worn.tag_id = %s)",
        (current_workspace_id(), tag),
    )


def in_segment(segment: UUID) -> Sql:
    """Leads that are in this segment now."""
    return Sql(
        "lead.id IN (SELECT member.lead_id FROM leads_membership member"
        " WHERE member.workspace_id = %s AND member.segment_id = %s AND member.left_at IS NULL)",
        (current_workspace_id(), segment),
    )


ID = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}
WORD = {"type": "string", "maxLength": 100}


def _choice(sql: str, choices: type[TextChoices], label: Label) -> Filter:
    schema = {"type": "string", "enum": choices.values}
    return Filter(sql.partition(".")[2], one_of(choices), equal(sql), schema, label=label)


def _word(sql: str, label: Label) -> Filter:
    return Filter(sql.partition(".")[2], text_up_to(100), equal(sql), WORD, label=label)


def _owner(sql: str) -> Filter:
    hint = gettext_lazy("The id of a member, or “nobody”.")
    return Filter("owner", an_owner, equal(sql), {"type": "string"}, hint, gettext_lazy("Owner"))


def _bound(name: str, sql: str, label: Label) -> Filter:
    return Filter(name, a_moment, compared(sql), MOMENT, label=label)


LEAD_FILTERS = (
    _choice("lead.stage", Stage, gettext_lazy("Stage")),
    _choice("lead.lead_class", LeadClass, gettext_lazy("Class")),
    _choice("lead.grade", Grade, gettext_lazy("Grade")),
    _owner("lead.owner_id"),
    Filter("company", an_id, equal("lead.company_id"), ID, label=gettext_lazy("Company")),
    Filter("campaign", an_id, equal("lead.campaign_id"), ID, label=gettext_lazy("Campaign")),
    Filter("tag", an_id, tagged, ID, label=gettext_lazy("Tag")),
    Filter("segment", an_id, in_segment, ID, label=gettext_lazy("Segment")),
    _word("lead.source", gettext_lazy("Source")),
    _word("lead.country", gettext_lazy("Country")),
    Filter(
        *("email", email_address, identified(IdentityKind.EMAIL)),
        {"type": "string", "maxLength": 320},
        label=gettext_lazy("Email"),
    ),
    Filter(
        *("external_id", text_up_to(254), identified(IdentityKind.EXTERNAL)),
        {"type": "string", "maxLength": 254},
        label=gettext_lazy("External id"),
    ),
    Filter(
        *("q", text_up_to(LONGEST), found_by, {"type": "string", "maxLength": LONGEST}),
        gettext_lazy("Beginnings of words in name, email, phone, company and notes"),
    ),
    Filter(
        *("score_min", a_whole_number, compared("lead.score >="), {"type": "integer"}),
        label=gettext_lazy("Score from"),
    ),
    Filter(
        *("score_max", a_whole_number, compared("lead.score <="), {"type": "integer"}),
        label=gettext_lazy("Score up to"),
    ),
    _bound("created_from", "lead.created_at >=", gettext_lazy("Added from")),
    _bound("created_before", "lead.created_at <", gettext_lazy("Added before")),
    _bound("changed_from", "lead.changed_at >=", gettext_lazy("Changed from")),
)
COMPANY_FILTERS = (
    _choice("company.stage", Stage, gettext_lazy("Stage")),
    _owner("company.owner_id"),
    Filter("tag", an_id, company_tagged, ID, label=gettext_lazy("Tag")),
    _word("company.country", gettext_lazy("Country")),
    _word("company.industry", gettext_lazy("Industry")),
    Filter(
        *("domain", text_up_to(253), equal("company.domain")),
        {"type": "string", "maxLength": 253},
        label=gettext_lazy("Domain"),
    ),
    Filter(
        *("q", text_up_to(LONGEST), companies_found_by, {"type": "string", "maxLength": LONGEST}),
        gettext_lazy("Anywhere in name or domain"),
    ),
)
