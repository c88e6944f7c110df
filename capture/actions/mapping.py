"""What a person decides about an import before it starts, and the custom fields made by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from capture.importing import store
from capture.importing.columns import ATTRIBUTE, IDENTITIES, NEW, TARGETS
from capture.importing.values import LONGEST_CHOICE, is_unknown
from capture.models import Import
from capture.questions import custom_fields
from leadmgmt.kernel.refusals import Refusal
from leads.models import CustomField, FieldKind

MOST_CHOICES = 200
MOST_WORDS = 50


class CannotStartImport(Refusal):
    """The mapping does not say enough, or says it twice."""


@dataclass(frozen=True)
class Settings:
    """What a person decides about an import before it starts."""

    mapping: Sequence[str]
    identity: str = ""
    unknown_words: Sequence[str] = ()
    overwrites: bool = False
    is_quiet: bool = True
    campaign_id: UUID | None = None


def words_of(words: Sequence[str]) -> list[str]:
    """Words for “unknown” as an import stores them: small, once each, not too many."""
    return list(dict.fromkeys(word.strip().lower()[:60] for word in words if word.strip()))[
        :MOST_WORDS
    ]


def refuse_wrong(found: Import, settings: Settings) -> None:
    """Refuse a mapping that names no place we know, or one place twice, or nobody."""
    allowed = {"", *TARGETS, *(f"{NEW}{kind}" for kind in FieldKind.values)}
    allowed |= {f"{ATTRIBUTE}{key}" for key in custom_fields()}
    used = [target for target in settings.mapping if target and not target.startswith(NEW)]
    if len(settings.mapping) != len(found.columns) or not set(settings.mapping) <= allowed:
        raise CannotStartImport(_("Choose for each column where it goes, from the list."))
    for target in used:
        if used.count(target) > 1:
            raise CannotStartImport(
                _("Two columns go to “%s”; leave one out or make it a new field.")
                % TARGETS.get(target, target.removeprefix(ATTRIBUTE))
            )
    if settings.identity and settings.identity not in (set(IDENTITIES) & set(used)):
        sentence = _("Choose a column that goes to Email, Phone or External id.")
        raise CannotStartImport(sentence, field="identity")
    if not {"name", "last_name", *IDENTITIES} & set(used):
        raise CannotStartImport(_("At least one column must be a name, email, phone or id."))


def with_fields_made(found: Import) -> list[str]:
    """The mapping, with every “new field” replaced by the custom field made for it."""
    custom = custom_fields()
    choices = _choices(found, custom)
    mapping = []
    for number, target in enumerate(found.mapping):
        if target.startswith(NEW):
            header = found.columns[number]["header"]
            made = _make_field(header, target.removeprefix(NEW), choices.get(number, []), custom)
            custom[made.key] = made
            target = f"{ATTRIBUTE}{made.key}"
        elif number in choices:
            _extend(custom[target.removeprefix(ATTRIBUTE)], choices[number])
        mapping.append(target)
    return mapping


def _make_field(
    header: str, kind: str, choices: list[str], custom: Mapping[str, CustomField]
) -> CustomField:
    stem = slugify(header).replace("-", "_")[:50] or "field"
    taken = set(CustomField.objects.filter(key__startswith=stem).values_list("key", flat=True))
    key = next(
        key
        for key in (stem, *(f"{stem}_{number}" for number in range(2, 1_000)))
        if key not in taken
    )
    made: CustomField = CustomField.objects.create(
        key=key, label=header[:120], kind=kind, choices=choices, position=len(custom)
    )
    return made


def _extend(custom: CustomField, choices: Sequence[str]) -> None:
    more = [choice for choice in choices if choice not in custom.choices]
    if more:
        custom.choices = [*custom.choices, *more]
        custom.save(update_fields=["choices"])


def _choices(found: Import, custom: Mapping[str, CustomField]) -> dict[int, list[str]]:
    """The distinct values of each column that becomes a choice; goes through the file once."""
    columns = {
        number: dict[str, None]()
        for number, target in enumerate(found.mapping)
        if _is_choice(target, custom)
    }
    if not columns:
        return {}
    unknown = frozenset(found.unknown_words)
    for line in store.each_line(found.pk):
        for number, values in columns.items():
            text = line.cells[number].strip() if number < len(line.cells) else ""
            if not is_unknown(text, unknown) and len(text) <= LONGEST_CHOICE:
                values[text] = None
    for number, values in columns.items():
        if len(values) > MOST_CHOICES:
            raise CannotStartImport(
                _("“%(column)s” has %(count)d different values, too many for a choice; make it "
                  "a text.")
                % {"column": found.columns[number]["header"], "count": len(values)}
            )  # fmt: skip
    return {number: sorted(values) for number, values in columns.items()}


def _is_choice(target: str, custom: Mapping[str, CustomField]) -> bool:
    known = custom.get(target.removeprefix(ATTRIBUTE))
    is_known = known is not None and known.kind == FieldKind.CHOICE
    return target == f"{NEW}{FieldKind.CHOICE}" or (target.startswith(ATTRIBUTE) and is_known)
