"""What fields said at the decision moment, as columns of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.utils.functional import Promise

from leadmgmt.kernel.sql import fetch
from leads.conditions import About, Field, ValueKind, calendar_at, known_fields
from leads.conditions.sql.fields import operand
from leads.conditions.sql.pieces import Setting
from scoring.cases.known import Moments, known_then
from scoring.cases.studies import Study

NUMBERS = frozenset({ValueKind.NUMBER, ValueKind.MONEY})
WORDS = frozenset({ValueKind.TEXT, ValueKind.CHOICE, ValueKind.YES_NO})
PRESENCE = frozenset({"phone"})
"""Whether these are known says something; what they say does not."""

# Names tell one lead from another, not good ones from bad ones; how a company stands follows from
# how its people stand.
NOT_LOOKED_AT = frozenset(
    {
        "name",
        "email",
        "email_domain",
        "company.name",
        "company.domain",
        "company.phone",
        "company.website",
        "company.city",
        "company.stage",
    }
)

READ = """
WITH {known} SELECT known.id, {columns}
FROM known LEFT JOIN firm AS company ON company.lead_id = known.id
"""


@dataclass(frozen=True)
class Words:
    """A column of texts: `codes` point into `said`, -1 where nothing was known."""

    codes: np.ndarray
    said: Sequence[str]


@dataclass
class Column:
    """A field and what it said for each case: words, or numbers with NaN where none was known."""

    name: str
    label: str | Promise
    is_number: bool
    numbers: np.ndarray = field(default_factory=lambda: np.empty(0))
    words: Words = field(default_factory=lambda: Words(np.empty(0, np.int32), ()))

    @property
    def is_known(self) -> np.ndarray:
        """Where something is known."""
        return ~np.isnan(self.numbers) if self.is_number else self.words.codes >= 0


def fields_to_look_at(study: Study) -> dict[str, Field]:
    """Fields of people and companies that may tell something, by name; not the outcome's own."""
    left_out = study.without | {study.field}
    known = known_fields().items()
    return {name: each for name, each in known if tells(each) and name not in left_out}


def tells(each: Field) -> bool:
    """A field of a person or a company that may tell good leads from others."""
    is_of_them = each.about in (About.PERSON, About.COMPANY)
    return is_of_them and each.kind in NUMBERS | WORDS and each.name not in NOT_LOOKED_AT


def read_columns(fields: Mapping[str, Field], parts: Sequence[Moments]) -> list[Column]:
    """What these fields said for each lead at its moment, in the order of the parts."""
    columns = [Column(name, each.label, each.kind in NUMBERS) for name, each in fields.items()]
    dictionaries: list[dict[str, int]] = [{} for _ in columns]
    pieces: list[list[np.ndarray]] = [[] for _ in columns]
    for part in parts:
        for at, values in enumerate(_read(fields, part)):
            pieces[at].append(_encoded(columns[at], values, dictionaries[at]))
    for column, dictionary, piece in zip(columns, dictionaries, pieces, strict=True):
        whole = np.concatenate(piece) if piece else np.empty(0)
        if column.is_number:
            column.numbers = whole
        else:
            column.words = Words(whole.astype(np.int32), list(dictionary))
    return columns


def _encoded(column: Column, values: Sequence[object], dictionary: dict[str, int]) -> np.ndarray:
    if column.is_number:
        return np.array([np.nan if each is None else each for each in values], dtype=float)
    return np.array(
        [-1 if each is None else dictionary.setdefault(str(each), len(dictionary))
         for each in values],
        dtype=np.int32,
    )  # fmt: skip


def _read(fields: Mapping[str, Field], part: Moments) -> list[Sequence[object]]:
    """A row of values for each field."""
    if not fields or not part.ids:
        return [[] for _ in fields]
    known = known_then(part)
    columns, values = _columns(fields, part)
    found = fetch(READ.format(known=known.text, columns=columns), **known.values, **values)
    by_id: dict[UUID, tuple[object, ...]] = {row[0]: row[1:] for row in found}
    nothing = (None,) * len(fields)
    return list(zip(*(by_id.get(each, nothing) for each in part.ids), strict=True))


def _columns(fields: Mapping[str, Field], part: Moments) -> tuple[str, dict[str, object]]:
    setting = Setting(lambda: calendar_at(part.moments[0]))
    texts: list[str] = []
    values: dict[str, object] = {}
    for number, each in enumerate(fields.values()):
        alias = "company" if each.is_company else "known"
        text, params = operand(each, alias, setting).named(f"f{number}")
        texts.append(_typed(each, text))
        values |= params
    return ", ".join(texts), values


def _typed(each: Field, text: str) -> str:
    if each.name in PRESENCE:
        return f"CASE WHEN ({text}) IS NOT NULL THEN 'known' END"
    return f"({text})::{'float8' if each.kind in NUMBERS else 'text'}"
