"""Importing a file: read, matched, written, with a report of what was wrong."""

import csv
import io
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, seconds
from benchmarks.world import World
from capture.actions.importing import move_import, start_import
from capture.actions.uploading import read_upload, upload_import
from capture.models import Import, ImportStatus
from leadmgmt.kernel.context import inside

ROWS = 100_000
G6C = Goal(
    "G6c",
    "CSV import with deduplication and error report / COPY of the same leads, past row security",
    floor=0.08,
    aim=0.15,
    unit="rows/s",
)
G6C_UNNEST = Goal(
    "G6c",
    "the same / INSERT … SELECT FROM unnest of the same leads",
    floor=1 / 3,
    aim=0.5,
    unit="rows/s",
)
COLUMNS = ("name", "email", "job_title", "country", "city", "source")
FILLED = """, workspace_id, phone, attributes, do_not_email, do_not_call, medium, first_seen_at,
    stage, highest_stage, stage_entered_at, cycle, lead_class, created_at, changed_at"""
UNNEST = f"""
INSERT INTO leads_lead ({", ".join(COLUMNS)}{FILLED})
SELECT row.*, %(workspace)s, '', '{{}}', false, false, '', now(), 'lead', 'lead', now(), 1, '',
    now(), now()
FROM unnest({", ".join(f"%({name})s::text[]" for name in COLUMNS)}) AS row
"""  # our own words
COPY = f"COPY leads_lead ({', '.join(COLUMNS)}{FILLED}) FROM STDIN WITH (FORMAT csv)"
AT_ONCE = 1_000  # rows of one INSERT

Row = tuple[str, ...]


def a_file(world: World) -> Iterator[Outcome]:
    """One person in a hundred stands in the file twice, one in a hundred has a wrong address."""
    with tempfile.TemporaryDirectory() as folder, inside(world.workspace.pk):
        settings.MEDIA_ROOT = folder
        ours = _per_second(_import, world)
        world.clean()
        copied = _per_second(_copy, world)
        world.clean()
        inserted = _per_second(_insert, world)
        world.clean()
    yield Outcome(G6C, ours, copied)
    yield Outcome(G6C_UNNEST, ours, inserted)


def _per_second(write: Callable[[World, list[Row]], None], world: World) -> float:
    rows = _people()
    return ROWS / seconds(lambda: write(world, rows))


def _import(world: World, rows: list[Row]) -> None:
    """From the uploaded bytes to the last row; what reacts later is not waited for."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([("Name", "Email", "Title", "Country", "City", "Source"), *rows])
    began = time.perf_counter()
    made = upload_import(
        "people.csv", [file.getvalue().encode()], by=world.member, now=timezone.now()
    )
    read_upload(made.pk, now=timezone.now())
    print(f"       read in {time.perf_counter() - began:.1f} s", flush=True)
    start_import(made.pk, by=world.member, now=timezone.now())
    while (done := Import.objects.get(pk=made.pk)).status == ImportStatus.RUNNING:
        move_import(made.pk, now=timezone.now())
    told = (done.created, done.updated, done.rejected)
    if told != (ROWS * 98 // 100, ROWS // 100, ROWS // 100):
        raise AssertionError(f"created, updated, rejected: {told}")


def _copy(world: World, rows: list[Row]) -> None:
    now = timezone.now().isoformat()
    rest = (world.workspace.pk, "", "{}", "f", "f", "", now, "lead", "lead", now, 1, "", now, now)
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows((*row, *rest) for row in rows)
    file.seek(0)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.copy_expert(COPY, file)


def _insert(world: World, rows: list[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        columns = zip(*rows[start : start + AT_ONCE], strict=True)
        values: dict[str, Any] = dict(zip(COLUMNS, map(list, columns), strict=True))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UNNEST, {"workspace": world.workspace.pk, **values})


def _people() -> list[Row]:
    rows: list[Row] = []
    for number in range(ROWS):
        unique = uuid.uuid4().hex
        email = f"{unique}@firm{unique[:2]}.example"
        if number % 100 == 98:
            email = rows[-1][1]
        elif number % 100 == 99:
            email = "not an address"
        person = f"Person {unique[:8]}"
        rows.append((person, email, "Service manager", "Greece", "Athens", "google"))
    return rows
