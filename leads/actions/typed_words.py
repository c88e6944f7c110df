"""Words typed to find somebody who is erased, where they are remembered: in views and choices.

Only what names the person goes, and something that finds nobody stands in its place. So no list
becomes wider, and whoever saved a view keeps it with its other filters, columns and order.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.queries.asking import CONDITION

ERASED, ERASED_EMAIL = "erased", "erased@example.org"
ID_WORD = "external_id"
TELLING = 6  # characters; a shorter id may be any number, and a first name anybody's
BETWEEN = re.compile(r"[\s().\-/]+")

# Telephones are typed with all kinds of marks between, names with any space.
NAMED = r"""EXISTS (SELECT FROM unnest(%(needles)s::text[]) AS needle
    WHERE position(needle IN regexp_replace(lower({said}), '[\s().\-/]+', '', 'g')) > 0)"""
VIEWS = f"""
SELECT id, query::text, condition::text FROM leads_savedview
WHERE workspace_id = %(workspace)s AND {NAMED.format(said="query::text || condition::text")}
FOR UPDATE
"""  # noqa: S608  # our own words
CHOICES = f"""
SELECT id, (selection -> 'query')::text, '{{}}' FROM leads_bulkaction
WHERE workspace_id = %(workspace)s AND {NAMED.format(said="(selection -> 'query')::text")}
FOR UPDATE
"""  # noqa: S608  # our own words
WRITE_VIEWS = """
UPDATE leads_savedview AS view SET query = row.query, condition = row.condition
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, query jsonb, condition jsonb)
WHERE view.workspace_id = %(workspace)s AND view.id = row.id
"""
WRITE_CHOICES = """
UPDATE leads_bulkaction AS bulk SET selection = jsonb_set(bulk.selection, '{query}', row.query)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, query jsonb)
WHERE bulk.workspace_id = %(workspace)s AND bulk.id = row.id
"""


def forget_typed_words(addresses: Collection[str], names: Iterable[str]) -> None:
    """Take these people out of what was typed to find them.

    `addresses`: emails, telephones and external ids, in small letters. A name counts only with two
    words or more.
    """
    persons = Persons(addresses, names)
    if not persons.needles:
        return
    for find, write in ((VIEWS, WRITE_VIEWS), (CHOICES, WRITE_CHOICES)):
        rows = [
            {
                "id": id,
                "query": persons.out_of_query(json.loads(query)),
                "condition": persons.out_of(json.loads(condition)),
            }
            for id, query, condition in fetch(find, needles=persons.needles)
        ]
        if rows:
            execute(write, rows=as_jsonb(rows))


class Persons:
    """Those who are erased, as one types them."""

    def __init__(self, addresses: Collection[str], names: Iterable[str]) -> None:
        full = {" ".join(name.lower().split()) for name in names}
        full = {name for name in full if " " in name}
        self.ids = {_squeezed(each) for each in addresses}
        self.telling = {each for each in self.ids if "@" in each or len(each) >= TELLING}
        self.needles = sorted(self.ids | {_squeezed(name) for name in full})
        told = {each for each in addresses if _squeezed(each) in self.telling} | full
        self.phrases = [_phrase(each) for each in sorted(told, key=len, reverse=True)]

    def out_of_query(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """The words of a list without them; its condition is JSON in a text."""
        return {name: self._word(name, value) for name, value in query.items()}

    def out_of(self, said: Any) -> Any:
        """A condition without them, at any depth; the names in it stay."""
        if isinstance(said, dict):
            return {name: self.out_of(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self.out_of(value) for value in said]
        return self.out_of_text(said) if isinstance(said, str) else said

    def out_of_text(self, text: str) -> str:
        """What was typed: the whole of it, or a phrase in it."""
        if _squeezed(text) in self.telling:
            return _instead_of(text)
        for phrase in self.phrases:
            text = phrase.sub(lambda found: _instead_of(found[0]), text)
        return text

    def _word(self, name: str, value: Any) -> Any:
        if name == CONDITION and isinstance(value, str):
            return self._condition(value)
        if name == ID_WORD and _squeezed(str(value)) in self.ids:
            return ERASED
        return self.out_of(value)

    def _condition(self, text: str) -> str:
        try:
            return json.dumps(self.out_of(json.loads(text)))
        except ValueError:
            return self.out_of_text(text)


def _squeezed(text: str) -> str:
    return BETWEEN.sub("", text.lower())


def _phrase(text: str) -> re.Pattern[str]:
    """The same words one after the other, standing alone."""
    words = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<![\w@.+-]){words}(?![\w@-]|\.\w)", re.IGNORECASE)


def _instead_of(text: str) -> str:
    return ERASED_EMAIL if "@" in text else ERASED
