"""Deciding what else to know about every lead or company."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leads import normalising
from leads.models import CustomField, FieldKind, Subject

MOST_FIELDS = 100
MOST_CHOICES = 200
LONGEST_CHOICE = 200
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
WITH_ANSWERS = (FieldKind.CHOICE, FieldKind.CHOICES)


class CannotAddField(Refusal):
    """The key is taken or wrong, the kind unknown, or there are too many fields."""


class CannotChangeField(Refusal):
    """The field would have no name, or a choice nothing to choose from."""


def add_field(
    *,
    label: str,
    kind: str,
    subject: str = Subject.LEAD,
    choices: Sequence[str] = (),
    key: str = "",
    now: datetime,
) -> CustomField:
    """Ask for one more thing about every lead or company.

    Its key is made of its label when none is given; it never changes, because conditions,
    imports and integrations name it.
    """
    label = _named(label)
    key = key or slugify(label, allow_unicode=False).replace("-", "_")[:60]
    _refuse_wrong(key, kind, subject)
    offered = _offered(kind, choices)
    try:
        with transaction.atomic():
            field: CustomField = CustomField.objects.create(
                subject=subject,
                key=key,
                label=label,
                kind=kind,
                choices=offered,
                position=_last() + 1,
            )
    except IntegrityError as problem:
        raise CannotAddField(
            _("Another field already has the key “%s”; choose another one.") % key, field="key"
        ) from problem
    return field


def change_field(field: CustomField, *, changes: Mapping[str, Any], now: datetime) -> CustomField:
    """Another `label`, or other `choices`: key and kind stay, and so does what is stored.

    An answer that is taken out is offered no more; whoever has it keeps it.
    """
    with transaction.atomic():
        locked: CustomField = CustomField.objects.select_for_update().get(pk=field.pk)
        if "label" in changes:
            locked.label = _named(changes["label"])
        if "choices" in changes:
            if locked.kind not in WITH_ANSWERS:
                raise CannotChangeField(_("Only choices have answers."), field="choices")
            locked.choices = _offered(locked.kind, changes["choices"])
        locked.save(update_fields=["label", "choices"])
    return locked


def move_field(field: CustomField, *, is_up: bool) -> None:
    """One place up or down among the fields in use of the same subject."""
    with transaction.atomic():
        in_use = CustomField.objects.filter(subject=field.subject, retired_at=None)
        ordering.step(in_use.select_for_update(), field, up=is_up)


def retire_field(field: CustomField, *, now: datetime) -> None:
    """Ask for it no more; the values stored are kept and come back with `restore_field`."""
    field.retired_at = now
    field.save(update_fields=["retired_at"])


def restore_field(field: CustomField) -> None:
    """Ask for it again."""
    if field.retired_at is not None:
        _refuse_many(field.subject)
    field.retired_at = None
    field.save(update_fields=["retired_at"])


def _named(label: str) -> str:
    text = normalising.plain_text(label, field="label", most=120)
    if not text:
        raise CannotChangeField(_("A field needs a name."), field="label")
    return text


def _offered(kind: str, choices: Sequence[str]) -> list[str]:
    """Each answer once, without those that differ in capitals only."""
    if kind not in WITH_ANSWERS:
        return []
    texts = [" ".join(str(choice).split()) for choice in choices]
    first: dict[str, str] = {}
    for text in filter(None, texts):
        first.setdefault(text.casefold(), text)
    offered = list(first.values())
    for text in offered:
        refuse_unfit_text(text, field="choices")
        if len(text) > LONGEST_CHOICE:
            sentence = _("The answer “%(start)s…” is longer than %(most)d characters.")
            told = {"start": text[:30], "most": LONGEST_CHOICE}
            raise CannotChangeField(sentence % told, field="choices")
    if not 1 <= len(offered) <= MOST_CHOICES:
        raise CannotChangeField(
            _("A choice needs 1 to %d answers to choose from, one in each line.") % MOST_CHOICES,
            field="choices",
        )
    return offered


def _refuse_wrong(key: str, kind: str, subject: str) -> None:
    if not KEY.fullmatch(key):
        raise CannotAddField(
            _("Give a key of small Latin letters, digits and underscores, a letter first."),
            field="key",
        )
    for field, value, known in (("kind", kind, FieldKind), ("subject", subject, Subject)):
        if value not in known.values:
            sentence = _("“%(value)s” is not known; allowed are: %(allowed)s.")
            told = {"value": value[:40], "allowed": ", ".join(known.values)}
            raise CannotAddField(sentence % told, field=field)
    _refuse_many(subject)


def _refuse_many(subject: str) -> None:
    if CustomField.objects.filter(subject=subject, retired_at=None).count() >= MOST_FIELDS:
        raise CannotAddField(
            _("There are at most %d fields of your own; retire one first.") % MOST_FIELDS
        )


def _last() -> int:
    last = CustomField.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else int(last)
