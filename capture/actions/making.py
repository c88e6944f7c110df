"""The custom fields an import asks for, made when it starts."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from capture.actions.mapping import CannotStartImport
from capture.importing import store
from capture.importing.plans import kinds_of
from capture.importing.targets import (
    ATTRIBUTE,
    COMPANY_ATTRIBUTE,
    NEW_OF_COMPANY,
    is_new,
    kind_of_new,
    live_fields,
)
from capture.importing.values import LONGEST_CHOICE, WrongCell, as_words, is_unknown
from capture.models import Import
from leads.models import CustomField, FieldKind, Subject

MOST_CHOICES = 200


def make_fields(found: Import) -> list[UUID]:
    """Replace every “new field” of the mapping by the field made for it; the ids of those made."""
    custom, made = live_fields(), []
    choices = _choices(found, kinds_of(found.mapping, custom))
    mapping = []
    for number, target in enumerate(found.mapping):
        if is_new(target):
            field = _make(found.columns[number]["header"], target, choices.get(number, []), custom)
            target = _target_of(field)
            custom[target] = field
            made.append(field.pk)
        elif number in choices:
            _extend(custom[target], choices[number])
        mapping.append(target)
    found.mapping = mapping
    return made


def _make(
    header: str, target: str, choices: list[str], custom: Mapping[str, CustomField]
) -> CustomField:
    subject = Subject.COMPANY if target.startswith(NEW_OF_COMPANY) else Subject.LEAD
    made: CustomField = CustomField.objects.create(
        subject=subject,
        key=_free_key(header, subject),
        label=header[:120],
        kind=kind_of_new(target),
        choices=choices,
        position=len(custom),
    )
    return made


def _free_key(header: str, subject: str) -> str:
    stem = slugify(header).replace("-", "_")[:50] or "field"
    rows = CustomField.objects.filter(subject=subject, key__startswith=stem)
    taken = set(rows.values_list("key", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, 1_000))
    return next(key for key in (stem, *numbered) if key not in taken)


def _target_of(made: CustomField) -> str:
    prefix = COMPANY_ATTRIBUTE if made.subject == Subject.COMPANY else ATTRIBUTE
    return f"{prefix}{made.key}"


def _extend(custom: CustomField, choices: Sequence[str]) -> None:
    more = [choice for choice in choices if choice not in custom.choices]
    if more:
        custom.choices = [*custom.choices, *more]
        custom.save(update_fields=["choices"])


def _choices(found: Import, kinds: Sequence[str]) -> dict[int, list[str]]:
    """The distinct values of each column that becomes a choice; goes through the file once."""
    of_choice = (FieldKind.CHOICE, FieldKind.CHOICES)
    columns = {number: dict[str, None]() for number, kind in enumerate(kinds) if kind in of_choice}
    if not columns:
        return {}
    unknown = frozenset(found.unknown_words)
    for line in store.each_line(found.pk):
        for number, values in columns.items():
            text = line.cells[number].strip() if number < len(line.cells) else ""
            if not is_unknown(text, unknown) and len(values) <= MOST_CHOICES:
                values.update(dict.fromkeys(_answers(kinds[number], text)))
    for number, values in columns.items():
        _refuse_many(found.columns[number]["header"], values)
    return {number: sorted(values) for number, values in columns.items()}


def _answers(kind: str, text: str) -> list[str]:
    """What a cell adds to the choices; a cell that is no answer is rejected with its row."""
    if kind == FieldKind.CHOICE:
        return [text] if len(text) <= LONGEST_CHOICE else []
    try:
        return as_words(text)
    except WrongCell:
        return []


def _refuse_many(header: str, values: Mapping[str, None]) -> None:
    if len(values) > MOST_CHOICES:
        raise CannotStartImport(
            _("“%(column)s” has more than %(most)d different values, too many for a choice; "
              "make it a text.")
            % {"column": header, "most": MOST_CHOICES}
        )  # fmt: skip
