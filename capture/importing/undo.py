"""How far the undoing of an import has come, and what it has taken back."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

STEPS = ("leads", "profiles", "tags", "consents", "company_changes", "companies", "fields")


@dataclass
class Undo:
    """`step` is what is taken back now, "" at the end; `after` the last one of it handled."""

    by: str = ""
    step: str = STEPS[0]
    after: str = ""
    leads_removed: int = 0
    leads_kept: int = 0
    fields_restored: int = 0
    fields_kept: int = 0
    companies_restored: int = 0
    companies_removed: int = 0
    fields_retired: int = 0

    def go_on(self, last: UUID | None) -> None:
        """After the one named, or with the next step when this one is done."""
        self.after = str(last) if last else ""
        if not last:
            number = STEPS.index(self.step) + 1
            self.step = STEPS[number] if number < len(STEPS) else ""

    def as_json(self) -> dict[str, Any]:
        """How an import stores it."""
        return asdict(self)
