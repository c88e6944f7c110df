"""Correcting what we know about one lead, and writing notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.activities import NewActivity, record_activities
from leads.actions.employers import employers_of
from leads.actions.standing import lift_companies
from leads.events import LeadsChanged
from leads.kinds import Kind
from leads.models import Identity, IdentityKind, Lead
from leads.rows import LONGEST, NewLead, known_attributes

LONGEST_NOTE = 5_000
TEXTS = ("name", "job_title", "country", "city")


class CannotChangeLead(Refusal):
    """The lead would be left without a name or any way to know it."""


class IdentityTaken(Conflict):
    """The email, phone or external id belongs to another lead."""


class CannotLogNote(Refusal):
    """A note without words, or with too many."""


def change_lead(lead: Lead, *, changes: Mapping[str, Any], now: datetime) -> Lead:
    """Correct the profile: `changes` names the fields of the lead that get a new value.

    Also `company_name` and `attributes` (custom fields; a blank one forgets its value). Refuses
    values that cannot be right, and an email or phone that belongs to another lead: leads are
    not merged on the way.
    """
    with transaction.atomic():
        locked = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        before = locked.company_id
        _set_plain(locked, changes)
        _set_identities(locked, changes)
        _set_company(locked, changes, now=now)
        if not (locked.name or locked.email or locked.phone or _has_identity(locked)):
            raise CannotChangeLead(
                _("A lead needs a name, an email address or a phone number."), field="name"
            )
        locked.changed_at = now
        locked.save()
        lift_companies([each for each in {before, locked.company_id} if each], now=now)
        publish(LeadsChanged((locked.pk,)))
    return locked


def log_note(lead: Lead, *, text: str, by: Member | None, now: datetime) -> None:
    """Put a note on the timeline."""
    refuse_unfit_text(text, field="text")
    words = text.strip()
    if not words:
        raise CannotLogNote(_("Write something first."), field="text")
    if len(words) > LONGEST_NOTE:
        raise CannotLogNote(
            _("The note has %(length)d characters; at most %(most)d are kept.")
            % {"length": len(words), "most": LONGEST_NOTE},
            field="text",
        )
    by_id = by.pk if by else None
    note = NewActivity(Kind.NOTE, now, lead_id=lead.pk, properties={"text": words}, by_id=by_id)
    record_activities([note], now=now)


def _set_plain(lead: Lead, changes: Mapping[str, Any]) -> None:
    for name in TEXTS:
        if name in changes:
            text = normalising.plain_text(changes[name], field=name, most=LONGEST[name])
            setattr(lead, name, text)
    for name in ("do_not_email", "do_not_call"):
        if name in changes:
            setattr(lead, name, bool(changes[name]))
    if "attributes" in changes:
        lead.attributes = known_attributes({**lead.attributes, **changes["attributes"]})


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
