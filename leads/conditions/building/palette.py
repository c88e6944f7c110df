"""What may be asked in one builder: a segment asks anything, a score rule only some of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from leads.conditions.fields import STANDARD, Field
from leads.conditions.known import known_fields
from leads.conditions.parsing.nodes import is_own

STANDARD_NAMES = frozenset(field.name for field in STANDARD)


@dataclass(frozen=True)
class Palette:
    """Which fields, and whether activities.

    `without`: names of fields, and with a dot at their end how names begin. `is_one_activity`: one
    of them and nothing else; how often and when is asked elsewhere.
    `is_nobody`: where nothing is asked it holds for nobody, rather than for everybody.
    """

    without: tuple[str, ...] = ()
    has_activities: bool = True
    is_one_activity: bool = False
    is_nobody: bool = False

    def fields(self, mentioned: Collection[str] = ()) -> dict[str, Field]:
        """The fields one can choose from, and retired ones that are `mentioned` already."""
        known = known_fields(with_lent=True)
        if any(name not in known and _may_have_been(name) for name in mentioned):
            retired = known_fields(with_retired=True, with_lent=True)
            known |= {name: retired[name] for name in mentioned if name in retired}
        return {name: field for name, field in known.items() if not self._is_without(name)}

    def _is_without(self, name: str) -> bool:
        beginnings = tuple(each for each in self.without if each.endswith("."))
        return name in self.without or name.startswith(beginnings)

    def as_query(self) -> str:
        """For the address of the fragments that draw and count."""
        return urlencode(
            {
                "without": ",".join(self.without),
                "activities": int(self.has_activities),
                "one": int(self.is_one_activity),
                "nobody": int(self.is_nobody),
            }
        )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """As it was in the address."""
        return cls(
            tuple(name for name in query.get("without", "").split(",") if name),
            query.get("activities", "1") == "1",
            query.get("one", "0") == "1",
            query.get("nobody", "0") == "1",
        )


def _may_have_been(name: str) -> bool:
    return is_own(name) or name in STANDARD_NAMES
