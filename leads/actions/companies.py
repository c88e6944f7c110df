"""Writing by hand what we know of a company."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.editing import BY_HAND, CannotChangeUnseen, is_same
from leads.actions.firm_history import keep_company_changes
from leads.actions.profiles import Door
from leads.actions.standing import require_colleague
from leads.events import CompaniesChanged
from leads.models import Company
from leads.normalising import WrongValue
from leads.own_values import for_companies
from leads.rows import changed_attributes

LONGEST = {"name": 200, "industry": 100, "country": 100, "city": 100}
WEBSITE = re.compile(r"https?://[^\s/?#@:]+\.[^\s/?#@:.]{2,}(:\d+)?([/?#]\S*)?", re.IGNORECASE)
MOST_PEOPLE = 2**31 - 1
PLAIN = (*LONGEST, "domain", "phone", "website", "employees")


class CannotChangeCompany(Refusal):
    """The company would be left without a name."""


class DomainTaken(Conflict):
    """The domain belongs to another company."""


class CompanyChangedMeanwhile(Conflict):
    """Somebody else changed the same field; nothing was saved. `value`: what it says now."""

    def __init__(self, sentence: str, *, field: str, value: Any) -> None:
        super().__init__(sentence, field=field)
        self.value = value


def add_company(*, facts: Mapping[str, Any], now: datetime) -> Company:
    """A company by hand; refuses a domain that another one has. Fields as `change_company`."""
    company = Company(created_at=now, changed_at=now, attributes={})
    with transaction.atomic():
        _write(company, facts)
        publish(CompaniesChanged((company.pk,)))
    return company


def change_company(
    company: Company,
    *,
    changes: Mapping[str, Any],
    now: datetime,
    door: Door = BY_HAND,
    seen: Mapping[str, Any] | None = None,
) -> Company:
    """Correct what we know: `changes` names the fields that get a new value.

    Also `owner` (a member or None) and `attributes` (custom fields; a blank one forgets its
    value). `seen`: what the fields said when the person began; when one of those to be changed
    says something else by now, nothing is saved. Refuses values that cannot be right, and the
    domain of another company. What it said before is kept, with the door the change came through.
    """
    with transaction.atomic():
        locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        before = shown_of(locked)
        _refuse_changed(before, changes, seen or {})
        locked.changed_at = now
        _write(locked, changes)
        if keep_company_changes([(locked.pk, before, shown_of(locked))], door=door, now=now):
            publish(CompaniesChanged((locked.pk,)))
    return locked


def expect_company_unchanged(company: Company, since: datetime | None) -> None:
    """Lock the company if it was last changed at this moment; else refuse.

    For callers that go on in the same transaction.
    """
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if locked.changed_at != since:
        sentence = _("The company has changed since you read it; read it again, and decide anew.")
        raise CannotChangeUnseen(sentence)


def shown_of(company: Company) -> dict[str, Any]:
    """What the fields one can change say, by the names `seen` uses."""
    said: dict[str, Any] = {name: getattr(company, name) for name in PLAIN}
    said["owner"] = company.owner_id and str(company.owner_id)
    return said | {f"attributes.{key}": value for key, value in company.attributes.items()}


def _refuse_changed(
    now_said: Mapping[str, Any], changes: Mapping[str, Any], seen: Mapping[str, Any]
) -> None:
    for field, wanted in _flat(changes).items():
        said = now_said.get(field)
        if field in seen and not is_same(said, seen[field]) and not is_same(said, wanted):
            sentence = _(
                "Somebody else has changed this to “%s” meanwhile; save again to replace it."
            )
            raise CompanyChangedMeanwhile(sentence % (said or ""), field=field, value=said)


def _flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in changes.items() if name != "attributes"}
    if isinstance(plain.get("owner"), Member):
        plain["owner"] = str(plain["owner"].pk)
    own = changes.get("attributes", {})
    return plain | {f"attributes.{key}": value for key, value in own.items()}


def _write(company: Company, changes: Mapping[str, Any]) -> None:
    for name, most in LONGEST.items():
        if name in changes:
            setattr(company, name, normalising.plain_text(changes[name], field=name, most=most))
    if not company.name:
        raise CannotChangeCompany(_("A company needs a name."), field="name")
    _set_reach(company, changes)
    if "employees" in changes:
        company.employees = _count(changes["employees"])
    if "owner" in changes and changes["owner"] != company.owner:
        require_colleague(changes["owner"])
        company.owner = changes["owner"]
    if "attributes" in changes:
        own = for_companies()
        company.attributes = changed_attributes(company.attributes, changes["attributes"], own)
    _save(company)


def _set_reach(company: Company, changes: Mapping[str, Any]) -> None:
    if "domain" in changes:
        company.domain = normalising.registered_domain(changes["domain"] or "") or None
    if "phone" in changes:
        region = normalising.default_region()
        company.phone = normalising.phone_number(changes["phone"], region=region)
    if "website" in changes:
        company.website = _website(changes["website"])


def _website(typed: str) -> str:
    text = normalising.plain_text(typed, field="website", most=300)
    link = text if "://" in text or not text else f"https://{text}"
    if link and (not WEBSITE.fullmatch(link) or len(link) > 300):
        sentence = _("“%s” is not an address of the web; write it like https://example.com.")
        raise WrongValue(sentence % text, field="website")
    return link


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value <= MOST_PEOPLE:
        sentence = _("“%(value)s” is no number of people; it goes from 0 to %(most)d.")
        raise WrongValue(sentence % {"value": value, "most": MOST_PEOPLE}, field="employees")
    return value


def _save(company: Company) -> None:
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError as problem:
        other = Company.objects.filter(domain=company.domain).exclude(pk=company.pk).first()
        if other is None:
            raise
        sentence = _("The domain “%(domain)s” belongs to the company “%(name)s” already.")
        told = {"domain": company.domain, "name": other.name}
        raise DomainTaken(sentence % told, field="domain") from problem
