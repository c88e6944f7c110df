"""The workspace measured in: 100,000 leads and 1,000,000 activities, or as SIZE says."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections, transaction
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain
from leadmgmt.workspaces.actions.keys import make_key
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member, Scope, User, Workspace
from leads.models import Lead

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
ACTIVITIES_PER_LEAD = {"1k": 10, "10k": 10, "100k": 10, "1m": 20}

STATEMENTS = {
    "campaigns": """
        INSERT INTO leads_campaign (workspace_id, name, key, channel)
        SELECT %(workspace)s, 'Campaign ' || n, 'campaign-' || n, 'ads'
        FROM generate_series(1, 50) AS n
    """,
    "companies": """
        INSERT INTO leads_company (workspace_id, name, domain, industry, country, employees, stage,
            created_at)
        SELECT %(workspace)s, 'Firm ' || n, 'firm' || n || '.example',
            (ARRAY['Energy', 'Water', 'Lifts', 'Telecoms'])[1 + n %% 4],
            (ARRAY['Germany', 'Greece', 'Ukraine', 'Spain'])[1 + n %% 4], n %% 900, 'lead',
            now()
        FROM generate_series(1, %(leads)s / 20) AS n
    """,
    "leads": """
        WITH firm AS MATERIALIZED (
            SELECT id, row_number() OVER () AS n FROM leads_company
            WHERE workspace_id = %(workspace)s
        ), effort AS MATERIALIZED (
            SELECT id, row_number() OVER () AS n FROM leads_campaign
            WHERE workspace_id = %(workspace)s
        )
        INSERT INTO leads_lead (
            workspace_id, name, email, phone, job_title, country, city, company_id, attributes,
            do_not_email, do_not_call, source, medium, campaign_id, first_seen_at, stage,
            highest_stage, stage_entered_at, cycle, lead_class, owner_id, created_at, changed_at,
            last_activity_at)
        SELECT %(workspace)s, 'Person ' || md5(one.n::text),
            'person' || one.n || '@firm' || one.n || '.example', '',
            (ARRAY['Head of operations', 'Service manager', 'Student', ''])[1 + one.n %% 4],
            (ARRAY['Germany', 'Greece', 'Ukraine', 'Spain', ''])[1 + one.n %% 5], '', firm.id,
            jsonb_build_object('seats', one.n %% 100), false, false,
            (ARRAY['google', 'linkedin', 'fair'])[1 + one.n %% 3], 'cpc', effort.id, made.at,
            made.stage, made.stage, made.at, 1, '',
            CASE WHEN one.n %% 10 = 0 THEN %(member)s::uuid END, made.at, made.at, made.at
        FROM generate_series(1, %(leads)s) AS one (n)
        CROSS JOIN LATERAL (SELECT now() - make_interval(secs => one.n %% 31000000) AS at,
            (ARRAY['lead', 'lead', 'lead', 'lead', 'nurturing', 'mql', 'customer']
            )[1 + one.n %% 7] AS stage
        ) AS made
        LEFT JOIN firm ON firm.n = 1 + one.n %% (%(leads)s / 20)
        LEFT JOIN effort ON effort.n = 1 + one.n %% 50
    """,
    "identities": """
        INSERT INTO leads_identity (workspace_id, lead_id, kind, value, created_at)
        SELECT workspace_id, id, 'email', email, now() FROM leads_lead
        WHERE workspace_id = %(workspace)s
    """,
    "activities": """
        WITH lead AS MATERIALIZED (
            SELECT id, row_number() OVER () AS n FROM leads_lead WHERE workspace_id = %(workspace)s
        )
        INSERT INTO leads_activity (workspace_id, lead_id, kind, occurred_at, received_at, source,
            medium, properties, is_machine)
        SELECT %(workspace)s, lead.id,
            (ARRAY['page_view','page_view','page_view','page_view','visit','message_opened',
                   'message_clicked','form_submitted'])[1 + (lead.n * 7 + m * 3) %% 8],
            done.at, done.at, '', '',
            jsonb_build_object('path', (ARRAY['/', '/pricing/', '/demo/', '/blog/', '/cases/',
                '/docs/', '/jobs/', '/about/', '/terms/', '/press/'])[1 + (lead.n + m) %% 10]),
            false
        FROM lead CROSS JOIN generate_series(1, %(each)s) AS m
        CROSS JOIN LATERAL (SELECT now()
            - make_interval(secs => (lead.n * 7919 + m * 1040003) %% 31000000) AS at) AS done
        ORDER BY lead.n %% 1000, m
    """,
}


# What a goal wrote, leaves first; the world itself is as old as its workspace.
CLEANING = (
    "DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s",
    # of a run that was killed; the next would wait for it for ever
    "DELETE FROM scoring_recompute WHERE workspace_id = %(workspace)s AND finished_at IS NULL",
    "DELETE FROM leads_activity WHERE workspace_id = %(workspace)s AND received_at > %(since)s",
    "DELETE FROM leads_activitykey WHERE workspace_id = %(workspace)s",
    "DELETE FROM leads_visitor WHERE workspace_id = %(workspace)s",
    "DELETE FROM leads_identity WHERE workspace_id = %(workspace)s AND created_at > %(since)s",
    "DELETE FROM scoring_scorechange WHERE workspace_id = %(workspace)s",
    "DELETE FROM leads_profilechange WHERE workspace_id = %(workspace)s",
    "DELETE FROM capture_importtrace WHERE workspace_id = %(workspace)s",
    "DELETE FROM capture_importproblem WHERE workspace_id = %(workspace)s",
    "DELETE FROM capture_import WHERE workspace_id = %(workspace)s",
    "DELETE FROM leads_lead WHERE workspace_id = %(workspace)s AND created_at > %(since)s",
    "DELETE FROM leads_company WHERE workspace_id = %(workspace)s AND created_at > %(since)s",
    """UPDATE leads_lead SET last_activity_at = created_at
       WHERE workspace_id = %(workspace)s AND last_activity_at > created_at""",
)
WRITTEN = (
    "kernel_outbox, leads_activity, leads_activitykey, leads_visitor, leads_identity, leads_lead, "
    "scoring_hit, scoring_leadscore, scoring_scorechange"
)


@dataclass(frozen=True)
class World:
    """Where the measuring happens, and the ways in: a key to its API, a cookie to its pages."""

    workspace: Workspace
    member: Member
    key: str
    cookie: str
    lead_ids: list[UUID]

    def clean(self) -> None:
        """Take away what was written since the world was made, and what it left in the tables."""
        values: dict[str, Any] = {
            "workspace": self.workspace.pk,
            "since": self.workspace.created_at,
        }
        with connections["owner"].cursor() as cursor:
            for statement in CLEANING:
                cursor.execute(statement, values)
            cursor.execute(f"VACUUM (ANALYZE) {WRITTEN}")


def the_world(size: str) -> World:
    """The workspace of this size, made when it is missing (two minutes for 100k)."""
    slug = f"bench-{size}"
    user = User.objects.filter(email="bench@example.org").first() or User.objects.create_user(
        "bench@example.org", name="Bench"
    )
    workspace_id = _find(slug, user)
    if workspace_id is None:
        workspace_id = _make(slug, user, SIZES[size], ACTIVITIES_PER_LEAD[size])
        drain()  # the first scores
    with inside(workspace_id):
        member = Member.objects.select_related("workspace").get(user=user)
        key = make_key("Bench", scopes=Scope.values, by=member, now=timezone.now()).secret
        ids = _some_leads()
    world = World(member.workspace, member, key, _session_of(user), ids)
    world.clean()
    return world


def _find(slug: str, user: User) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_door(%s, %s)", [slug, user.pk])
        row = cursor.fetchone()
    return row[0] if row else None


@transaction.atomic
def _make(slug: str, user: User, leads: int, each: int) -> UUID:
    workspace = create_workspace("Bench", by=user, slug=slug)
    with inside(workspace.pk), connection.cursor() as cursor:
        member = Member.objects.get(user=user).pk
        values = {"workspace": workspace.pk, "member": member, "leads": leads, "each": each}
        for statement in STATEMENTS.values():
            cursor.execute(statement, values)
    return workspace.pk


def _some_leads(count: int = 5_000) -> list[UUID]:
    """Whom things happen to: spread over the table."""
    return list(Lead.objects.order_by("-score", "id").values_list("pk", flat=True)[:count])


def _session_of(user: User) -> str:
    """The cookie of somebody who has logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
