"""Correcting what we know about one lead, also when two people do it at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leads import normalising
from leads.actions.employers import employers_of
from leads.actions.profiles import Door
from leads.actions.provenance import keep_changes, profile_of
from leads.actions.standing import lift_companies
from leads.events import LeadsChanged
from leads.models import Identity, IdentityKind, Lead, ProfileChange, Via
from leads.own_values import for_leads
from leads.rows import LONGEST, NewLead, changed_attributes

TEXTS = ("name", "job_title", "country", "city")


class CannotChangeLead(Refusal):
    """The lead would be left without a name or any way to know it."""


class IdentityTaken(Conflict):
    """The email, phone or external id belongs to another lead."""


class CannotChangeUnseen(Refusal):
    """The lead is not any more as the integration says it is."""

    status = 412


@dataclass(frozen=True)
class Meanwhile:
    """A field somebody else has changed since one looked: its value now, and how it came."""

    field: str
    value: Any
    change: ProfileChange | None


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same fields; nothing was saved."""

    def __init__(self, found: Sequence[Meanwhile]) -> None:
        super().__init__(_("Somebody else has changed this meanwhile."), field=found[0].field)
        self.found = found


BY_HAND = Door(Via.PERSON)


def change_lead(
    lead: Lead,
    *,
    changes: Mapping[str, Any],
    now: datetime,
    door: Door = BY_HAND,
    seen: Mapping[str, Any] | None = None,
) -> Lead:
    """Correct the profile: `changes` names the fields of the lead that get a new value.

    Also `company_name` and `attributes` (custom fields; a blank one forgets its value). `seen`:
    what the fields said when the person began (custom ones as `attributes.key`); when one of
    those to be changed says something else by now, nothing is saved (ChangedMeanwhile). Refuses
    values that cannot be right, and an email or phone that belongs to another lead: leads are
    not merged on the way. What it said before is kept, with the door the change came through.
    """
    with transaction.atomic():
        locked = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        _refuse_changed(locked, changes, seen or {})
        before, said = locked.company_id, profile_of(locked)
        _set_plain(locked, changes)
        _set_identities(locked, changes)
        _set_company(locked, changes, now=now)
        if not (locked.name or locked.email or locked.phone or _has_identity(locked)):
            raise CannotChangeLead(
                _("A lead needs a name, an email address or a phone number."), field="name"
            )
        locked.changed_at = now
        locked.save()
        keep_changes(locked, said, door=door, now=now)
        lift_companies([each for each in {before, locked.company_id} if each], now=now)
        publish(LeadsChanged((locked.pk,)))
    return locked


def expect_unchanged(lead: Lead, since: datetime | None) -> None:
    """Lock the lead if its profile was last changed at this moment; else refuse.

    For callers that go on in the same transaction.
    """
    locked = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if locked.changed_at != since:
        sentence = _("The lead has changed since you read it; read it again, and decide anew.")
        raise CannotChangeUnseen(sentence)


def shown_values(lead: Lead) -> dict[str, Any]:
    """What the fields one can change say, by the names `seen` uses."""
    said = profile_of(lead)
    del said["company_id"]
    return said | {"company_name": _company_name(lead)}


def _refuse_changed(lead: Lead, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Fields whose value is neither the one seen nor the one wanted are somebody else's work."""
    if not seen:
        return
    now_said, wanted = shown_values(lead), _flat(changes)
    found = [
        field
        for field, value in wanted.items()
        if field in seen and _differs(now_said.get(field), seen[field], value)
    ]
    if found:
        raise ChangedMeanwhile([Meanwhile(*each) for each in _whose(lead, found, now_said)])


def _differs(now_said: Any, seen: Any, wanted: Any) -> bool:
    return not (is_same(now_said, seen) or is_same(now_said, wanted))


def is_same(one: Any, other: Any) -> bool:
    """Blank text and nothing both mean unknown."""
    return ("" if one is None else one) == ("" if other is None else other)


def _flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in changes.items() if name != "attributes"}
    own = changes.get("attributes", {})
    return plain | {f"attributes.{key}": value for key, value in own.items()}


def _whose(
    lead: Lead, fields: Sequence[str], now_said: Mapping[str, Any]
) -> Iterator[tuple[str, Any, ProfileChange | None]]:
    kept = {each: "company_id" if each == "company_name" else each for each in fields}
    rows = ProfileChange.objects.filter(lead=lead, field__in=kept.values())
    last = {row.field: row for row in rows.select_related("by").order_by("changed_at", "id")}
    for each in fields:
        yield each, now_said.get(each), last.get(kept[each])


def _set_plain(lead: Lead, changes: Mapping[str, Any]) -> None:
    for name in TEXTS:
        if name in changes:
            text = normalising.plain_text(changes[name], field=name, most=LONGEST[name])
            setattr(lead, name, text)
    for name in ("do_not_email", "do_not_call"):
        if name in changes:
            setattr(lead, name, bool(changes[name]))
    if "attributes" in changes:
        own = for_leads()
        lead.attributes = changed_attributes(lead.attributes, changes["attributes"], own)


def _set_identities(lead: Lead, changes: Mapping[str, Any]) -> None:
    if "email" in changes:
        email = normalising.email_address(changes["email"])
        _exchange(lead, IdentityKind.EMAIL, lead.email, email)
        lead.email = email
    if "phone" in changes:
        region = normalising.default_region()
        phone = normalising.phone_number(changes["phone"], region=region)
        _exchange(lead, IdentityKind.PHONE, _identifying(lead.phone), _identifying(phone))
        lead.phone = phone
    if changes.get("external_id"):
        text = normalising.plain_text(changes["external_id"], field="external_id", most=254)
        _claim(lead, IdentityKind.EXTERNAL, text)


def _identifying(phone: str) -> str:
    return phone if phone.startswith("+") else ""


def _exchange(lead: Lead, kind: str, old: str, new: str) -> None:
    """Give up the old value, take the new one.

    A phone may be shared: then it stays with whoever had it first.
    """
    if old == new:
        return
    if new:
        _claim(lead, kind, new)
    Identity.objects.filter(lead=lead, kind=kind, value=old).delete()


def _claim(lead: Lead, kind: str, value: str) -> None:
    known = Identity.objects.filter(kind=kind, value=value).first()
    if known is not None and known.lead_id != lead.pk:
        if kind == IdentityKind.PHONE:
            return
        raise _taken(kind, value)
    if known is None:
        try:
            with transaction.atomic():
                Identity.objects.create(lead=lead, kind=kind, value=value)
        except IntegrityError as problem:  # somebody took it in this very moment
            raise _taken(kind, value) from problem


def _taken(kind: str, value: str) -> IdentityTaken:
    field = "external_id" if kind == IdentityKind.EXTERNAL else kind
    return IdentityTaken(_("“%s” belongs to another lead already.") % value, field=field)


def _set_company(lead: Lead, changes: Mapping[str, Any], *, now: datetime) -> None:
    """A company named by hand wins; a new business email finds one where there is none."""
    if "company_name" in changes:
        name = normalising.plain_text(changes["company_name"], field="company_name", most=200)
        if name != _company_name(lead):
            lead.company_id = _first(employers_of([NewLead(company_name=name)], now=now))
    elif lead.company_id is None and changes.get("email"):
        lead.company_id = _first(employers_of([NewLead(email=lead.email)], now=now))


def _company_name(lead: Lead) -> str:
    return str(lead.company.name) if lead.company else ""


def _first(found: Sequence[Any]) -> Any:
    return found[0]


def _has_identity(lead: Lead) -> bool:
    return bool(Identity.objects.filter(lead=lead).exists())
