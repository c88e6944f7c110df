"""What may be asked in one builder: a segment asks anything, a score rule only some of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from leads.conditions.fields import Field, known_fields
from leads.conditions.parsing.nodes import OWN


@dataclass(frozen=True)
class Palette:
    """Which fields, and whether activities.

    `is_one_activity`: one of them and nothing else; how often and when is asked elsewhere.
    `is_nobody`: where nothing is asked it holds for nobody, rather than for everybody.
    """

    without: tuple[str, ...] = ()
    has_activities: bool = True
    is_one_activity: bool = False
    is_nobody: bool = False

    def fields(self, mentioned: Collection[str] = ()) -> dict[str, Field]:
        """The fields one can choose from, and retired ones that are `mentioned` already."""
        known = known_fields()
        if any(name.startswith(OWN) and name not in known for name in mentioned):
            retired = known_fields(with_retired=True)
            known |= {name: retired[name] for name in mentioned if name in retired}
        return {name: field for name, field in known.items() if name not in self.without}

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
