"""What a dry run of an import found so far."""

from dataclasses import asdict, dataclass, field
from typing import Any

EXAMPLES = 5


@dataclass
class Trial:
    """How many of the `tried` rows would make a lead, change one, or be left out; and examples.

    An example is `{"row", "who", "why", "changes"}`.
    """

    tried: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    cursor: int = 0
    is_done: bool = False
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def wants(self, verdict: str) -> bool:
        """Whether another example of it is of use."""
        return len(self.examples.get(verdict, [])) < EXAMPLES

    def count(self, verdict: str, example: dict[str, Any]) -> None:
        """One more row with this verdict."""
        setattr(self, verdict, getattr(self, verdict) + 1)
        if self.wants(verdict):
            self.examples.setdefault(verdict, []).append(example)

    def as_json(self) -> dict[str, Any]:
        """How an import stores it."""
        return asdict(self)
