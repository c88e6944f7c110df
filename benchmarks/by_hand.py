"""The scores of the rules a workspace begins with, in SQL as one writes it by hand."""

# The rules are those of scoring/actions/starting.py.
BY_HAND = """
WITH daily AS (
    SELECT lead_id, (occurred_at AT TIME ZONE 'UTC')::date AS day,
        count(*) FILTER (WHERE kind = 'form_submitted') AS forms,
        count(*) FILTER (WHERE kind = 'page_view' AND properties->>'path' ILIKE '%%/pricing%%')
            AS prices,
        count(*) FILTER (WHERE kind = 'page_view' AND properties->>'path' ILIKE '%%/demo%%')
            AS demos,
        count(*) FILTER (WHERE kind = 'visit') AS visits,
        count(*) FILTER (WHERE kind = 'message_clicked') AS clicks,
        count(*) FILTER (WHERE kind = 'message_opened') AS opens,
        count(*) FILTER (WHERE kind = 'meeting') AS meetings,
        count(*) FILTER (WHERE kind = 'message_bounced') AS bounces,
        count(*) FILTER (WHERE kind = 'unsubscribed') AS farewells
    FROM leads_activity
    WHERE workspace_id = %(workspace)s {among_facts}
      AND occurred_at < %(today)s::date + 1
      AND (occurred_at >= %(today)s::date - 90 OR kind IN ('message_bounced', 'unsubscribed'))
    GROUP BY 1, 2
), behaviour AS (
    SELECT lead_id,
        least(30, %(form)s * coalesce(sum(forms), 0))
        + least(24, 8 * count(*) FILTER (WHERE prices > 0 AND day >= %(today)s::date - 30))
        + least(20, 10 * count(*) FILTER (WHERE demos > 0 AND day >= %(today)s::date - 30))
        + least(10, 2 * count(*) FILTER (WHERE visits > 0 AND day >= %(today)s::date - 30))
        + least(20, 5 * coalesce(sum(clicks) FILTER (WHERE day >= %(today)s::date - 60), 0))
        + least(5, count(*) FILTER (WHERE opens > 0 AND day >= %(today)s::date - 30))
        + least(40, 20 * coalesce(sum(meetings), 0))
        - CASE WHEN sum(bounces) > 0 THEN 20 ELSE 0 END
        - CASE WHEN sum(farewells) > 0 THEN 20 ELSE 0 END
        + CASE WHEN sum(visits) FILTER (WHERE day >= %(today)s::date - 60) > 0
            THEN 10 ELSE 0 END AS points
    FROM daily GROUP BY 1
), scored AS (
    SELECT lead.id, (coalesce(behaviour.points, 0) - 10
        + CASE WHEN lead.job_title ~* %(deciders)s THEN 15 ELSE 0 END
        + CASE WHEN lead.email = '' THEN 0
            WHEN split_part(lead.email, '@', 2) = ANY(%(free)s) THEN -10 ELSE 5 END
        + CASE WHEN company.employees >= 50 THEN 10 ELSE 0 END
        + CASE WHEN lead.phone <> '' THEN 5 ELSE 0 END)::int AS value
    FROM leads_lead AS lead
    LEFT JOIN behaviour ON behaviour.lead_id = lead.id
    LEFT JOIN leads_company AS company
        ON company.workspace_id = %(workspace)s AND company.id = lead.company_id
    WHERE lead.workspace_id = %(workspace)s {among_leads}
)
"""
READ_ALL = (
    BY_HAND.format(among_facts="", among_leads="") + "SELECT count(*), sum(value) FROM scored"
)
UPDATE_SOME = (
    BY_HAND.format(
        among_facts="AND lead_id = ANY(%(leads)s::uuid[])",
        among_leads="AND lead.id = ANY(%(leads)s::uuid[])",
    )
    + """
UPDATE scoring_leadscore AS old SET value = scored.value, as_of = now() FROM scored
WHERE old.workspace_id = %(workspace)s AND old.lead_id = scored.id
RETURNING scored.id
"""
)
