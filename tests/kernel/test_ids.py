"""Ids made here sort as those the database makes."""

import time

from django.db import connection

from leadmgmt.kernel.ids import new_id
from tests.worlds import World


def test_ids_follow_each_other_in_time() -> None:
    made = []
    for _ in range(100):
        made.append(new_id())
        time.sleep(1e-6)
    assert made == sorted(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}


def test_the_database_reads_their_moment(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT abs(date_part('epoch', uuid_extract_timestamp(%s)))", [new_id()])
        assert abs(cursor.fetchone()[0] - time.time()) < 1
