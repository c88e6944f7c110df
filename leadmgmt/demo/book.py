"""The book: rows waiting to be written, by table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models

from leadmgmt.demo.writing import insert
from leads.models import Activity

Row = dict[str, Any]


class Book:
    """Collects rows, and writes each table in the order its first row came."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[Row]] = defaultdict(list)

    def add(self, model: type[models.Model], **row: Any) -> UUID:
        """Put one row down; its id."""
        row_id = row.setdefault("id", uuid4())
        self.rows[model].append(row)
        return UUID(str(row_id))

    def happen(
        self,
        kind: str,
        at: datetime,
        *,
        lead: UUID | None = None,
        visitor: UUID | None = None,
        by: UUID | None = None,
        campaign: UUID | None = None,
        source: str = "",
        medium: str = "",
        is_machine: bool = False,
        **properties: Any,
    ) -> None:
        """Put one activity down."""
        said = {name: value for name, value in properties.items() if value not in (None, "")}
        self.add(
            Activity,
            lead_id=lead,
            visitor_id=visitor,
            kind=kind,
            occurred_at=at,
            received_at=at,
            campaign_id=campaign,
            source=source,
            medium=medium,
            properties=said,
            by_id=by,
            is_machine=is_machine,
        )

    def write(self) -> Mapping[str, int]:
        """Write everything; how many rows of each table."""
        return {model.__name__: insert(model, rows) for model, rows in self.rows.items()}
