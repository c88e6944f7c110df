"""How a column looks on a page: one function a look, drawn with the components of `ui`."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leadmgmt.ui.components.figures import score
from leadmgmt.ui.components.people import person
from leadmgmt.ui.components.status import lead_class, stage
from leadmgmt.ui.components.tables import Cell, drawn_rows
from leadmgmt.ui.components.words import ago_for, date_for, escaped
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.columns import Column, Look
from leads.queries.lists import Row

ANY_ID = UUID(int=0)
VARIED = frozenset({Look.DAY, Look.AGO, Look.LINK})


def _text(value: str | None) -> SafeString:
    return SafeString(escaped(value) if value else formatting.UNKNOWN)


def _number(value: int | float | None) -> SafeString:
    return SafeString(escaped(formatting.number(value)))


def _yes_no(value: bool | None) -> SafeString:
    words = formatting.UNKNOWN if value is None else _("Yes") if value else _("No")
    return SafeString(escaped(words))


def _link(value: str | None) -> SafeString:
    """Only addresses of the web may be clicked."""
    if not value or not value.startswith(("https://", "http://")):
        return _text(value)
    shown = escaped(value.partition("://")[2].rstrip("/"))
    return SafeString(f'<a href="{escaped(value)}" rel="noopener noreferrer">{shown}</a>')


DRAWN: Mapping[Look, Callable[[Any], SafeString]] = {
    Look.TEXT: _text,
    Look.NUMBER: _number,
    Look.SCORE: score,
    Look.YES_NO: _yes_no,
    Look.STAGE: stage,
    Look.LEAD_CLASS: lead_class,
    Look.LINK: _link,
}


def _looks(currency: str) -> Mapping[Look, Callable[[Any], SafeString]]:
    """All looks, for one page: who reads it and when is looked up once."""
    reader, now = formatting.reader(), timezone.now()
    return {
        **DRAWN,
        Look.MONEY: lambda minor: SafeString(escaped(_money(minor, currency))),
        Look.DAY: lambda at: date_for(reader, at),
        Look.AGO: lambda at: ago_for(reader, at, now),
    }


def _money(minor: Decimal | None, currency: str) -> str:
    return formatting.money(None if minor is None else int(minor), currency)


def drawn(
    rows: Sequence[Row],
    columns: Sequence[Column],
    page: str,
    currency: str,
    *,
    is_tickable: bool = False,
) -> SafeString:
    """The lines of a list: whose `page` it is with the note below, then the columns.

    A tickable line begins with a box that belongs to the form `bulk`.
    """
    before, after = workspace_reverse(page, id=ANY_ID).split(str(ANY_ID))
    title = _ticked(_("Tick %s")) if is_tickable else _title
    looks = _looks(currency)
    cells = [
        Cell(_("Name"), title, main=True, varied=True),
        *(
            Cell(str(each.label), looks[each.look], each.is_number, varied=each.look in VARIED)
            for each in columns
        ),
    ]
    lines = (
        (row.id, ((row.id, row.name, f"{before}{row.id}{after}", row.note), *row.values))
        for row in rows
    )
    return drawn_rows(lines, cells)


def _title(row: tuple[str, str, str, str]) -> SafeString:
    return person(*row[1:])


def _ticked(label: str) -> Callable[[tuple[str, str, str, str]], SafeString]:
    """The title with a box before it."""

    def drawn(row: tuple[str, str, str, str]) -> SafeString:
        said = escaped(label % row[1])
        box = f'<input type="checkbox" form="bulk" name="ids" value="{row[0]}" aria-label="{said}">'
        return SafeString(f'<span class="ticked">{box}{_title(row)}</span>')

    return drawn
