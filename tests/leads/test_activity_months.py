"""There is room for the activities of the months to come."""

import pytest
from django.db import connection

from leads.tasks import make_activity_months


@pytest.mark.django_db
def test_months_ahead_have_a_partition_however_often_it_runs() -> None:
    make_activity_months()
    make_activity_months()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('leads_activity_' ||"
            " to_char(now() + interval '3 months', 'YYYY_MM'))"
        )
        assert cursor.fetchone()[0] is not None
