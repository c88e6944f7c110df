"""Telling people of tasks that are due, and their managers of those that are late: once each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.staff import leading_members
from leads.actions.tasks import path_of

TASKS_PER_ROUND = 500

# Rows another worker holds are left to it; a row that is claimed is not due any more, and both
# become true with the notices in one commit.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM leads_task
    WHERE workspace_id = %(workspace)s AND {column} <= %(now)s
      AND done_at IS NULL AND dropped_at IS NULL
    ORDER BY {column} LIMIT %(most)s FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE leads_task AS task SET {column} = NULL{also} FROM due
    WHERE task.workspace_id = %(workspace)s AND task.id = due.id
    RETURNING task.*
)
SELECT claimed.id, claimed.title, claimed.lead_id, claimed.company_id, claimed.assignee_id,
    member.name, extract(epoch FROM claimed.due_at)::bigint,
    coalesce(nullif(lead.name, ''), nullif(lead.email, ''), lead.phone, company.name, '')
FROM claimed
LEFT JOIN workspaces_member AS member
    ON member.workspace_id = %(workspace)s AND member.id = claimed.assignee_id
LEFT JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.id = claimed.lead_id
LEFT JOIN leads_company AS company
    ON company.workspace_id = %(workspace)s AND company.id = claimed.company_id
"""
REMIND = CLAIM.format(column="remind_at", also="")
ESCALATE = CLAIM.format(column="escalate_at", also=", escalated_at = %(now)s")

Claimed = tuple[Any, ...]


@transaction.atomic
def remind_assignees(*, now: datetime, most: int = TASKS_PER_ROUND) -> int:
    """Tell members of tasks whose reminder has come; how many tasks were dealt with."""
    claimed: list[Any] = fetch(REMIND, now=now, most=most)
    give_notices([_reminder(row) for row in claimed if row[4]], now=now)
    return len(claimed)


@transaction.atomic
def escalate_late(*, now: datetime, most: int = TASKS_PER_ROUND) -> int:
    """Tell the sales managers (the admins, if there is none) of tasks that are late; how many."""
    claimed: list[Any] = fetch(ESCALATE, now=now, most=most)
    managers = leading_members() if claimed else []
    give_notices([_alarm(row, each) for row in claimed for each in managers], now=now)
    return len(claimed)


def _reminder(row: Claimed) -> NewNotice:
    id, title, lead, company, member, _name, due, about = row
    text = _("Due: %(task)s · %(about)s") % {"task": title, "about": about}
    return NewNotice(member, "task_due", text, path_of(lead, company), f"task-due-{id}-{due}")


def _alarm(row: Claimed, manager: UUID) -> NewNotice:
    id, title, lead, company, _member, name, due, about = row
    told = {"who": name or _("Nobody"), "task": title, "about": about}
    text = _("Late: %(task)s · %(about)s · %(who)s") % told
    return NewNotice(manager, "task_late", text, path_of(lead, company), f"task-late-{id}-{due}")
