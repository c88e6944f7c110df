"""The fields one can ask about in this workspace: ours, its own, and those other apps lend."""

from collections.abc import Mapping

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from leads import lending
from leads.conditions.fields import ANSWERS, COMPANY, CONSENT, CUSTOM, STANDARD, About, Field, Noun
from leads.conditions.operators import ValueKind
from leads.models import CustomField, FieldKind, Purpose, Subject

Offered = tuple[str, str, str, int]
"""How its name begins, its key, what people call it, its place."""

CUSTOM_KINDS: Mapping[str, ValueKind] = {
    FieldKind.TEXT: ValueKind.TEXT,
    FieldKind.NUMBER: ValueKind.NUMBER,
    FieldKind.MONEY: ValueKind.MONEY,
    FieldKind.DATE: ValueKind.DATE,
    FieldKind.CHOICE: ValueKind.CHOICE,
    FieldKind.CHOICES: ValueKind.CHOICES,
    FieldKind.YES_NO: ValueKind.YES_NO,
    FieldKind.LINK: ValueKind.TEXT,
    FieldKind.PERSON: ValueKind.REFERENCE,
}


def known_fields(*, with_retired: bool = False, with_lent: bool = False) -> dict[str, Field]:
    """All fields of the current workspace by name, its own ones last (two queries).

    `with_lent`: also what other apps lend, and not what says nothing here.
    """
    custom = CustomField.objects.order_by("position", "label", "id")
    if not with_retired:
        custom = custom.filter(retired_at=None)
    own = [_custom_field(row) for row in custom]
    offered = _offered(with_retired=with_retired, with_lent=with_lent)
    withheld = {key for prefix, key, _name, _place in offered if prefix == lending.WITHHELD}
    own += [_offered_field(*row) for row in offered if row[0] != lending.WITHHELD]
    return {field.name: field for field in (*STANDARD, *own) if field.name not in withheld}


def _offered(*, with_retired: bool, with_lent: bool) -> list[Offered]:
    """Purposes of consent, and what is lent: in one statement, in their order."""
    purposes = Purpose.objects.all() if with_retired else Purpose.objects.filter(retired_at=None)
    rows = purposes.values_list(Value(CONSENT), "key", "name", "position")
    if with_lent:
        rows = rows.union(*lending.offers(with_retired=with_retired), all=True)
    order = (CONSENT, *lending.prefixes(), lending.WITHHELD)
    return sorted(rows, key=lambda row: (order.index(row[0]), row[3], row[2]))


def _offered_field(prefix: str, key: str, name: str, place: int) -> Field:
    if prefix == CONSENT:
        return _consent_field(key, name)
    lender = lending.lender_called(prefix)
    return Field(
        prefix + key,
        lender.label(name),
        ValueKind.NUMBER,
        about=About.STANDING,
        lender=prefix,
        unit=lender.unit,
    )


def _custom_field(row: CustomField) -> Field:
    is_company = row.subject == Subject.COMPANY
    return Field(
        (COMPANY if is_company else "") + CUSTOM + row.key,
        row.label,
        CUSTOM_KINDS[row.kind],
        tuple((str(choice), str(choice)) for choice in row.choices),
        about=About.COMPANY if is_company else About.PERSON,
        noun=Noun.MEMBER if row.kind == FieldKind.PERSON else None,
    )


def _consent_field(key: str, name: str) -> Field:
    label = _("consent to “%(purpose)s”") % {"purpose": name}
    return Field(CONSENT + key, label, ValueKind.CONSENT, ANSWERS, about=About.CONSENT)
