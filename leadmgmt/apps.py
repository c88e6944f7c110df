"""Django's handle on the composition root: puts its tables in force."""

from django.apps import AppConfig


class RootConfig(AppConfig):
    """Binds who reacts to what, and who may open what."""

    name = "leadmgmt"
    label = "root"

    def ready(self) -> None:
        """Bind the tables and load the start-up checks."""
        from funnel import cycles as cycle_stories
        from funnel import deadlines, objecting
        from funnel.queries.company_rules import least_people
        from funnel.queries.definitions import mql_fields, mql_score
        from leadmgmt import (  # noqa: F401
            access,
            bulk,
            celery,
            checks,
            cycles,
            effects,
            erasing,
            keepers,
            lending,
            naming,
            origins,
            panels,
            reactions,
            uses,
        )
        from leadmgmt.kernel import events
        from leadmgmt.workspaces import access as access_rules
        from leadmgmt.workspaces import office
        from leads import bulk as bulk_verbs
        from leads import erasing as forgetting
        from leads import keepers as segment_keepers
        from leads import lending as lent_numbers
        from leads import naming as row_names
        from leads import origins as value_origins
        from leads import panels as lead_page
        from leads import placing
        from leads import uses as segment_uses
        from leads.columns import hiding
        from nurturing.queries.suppressing import suppressed
        from scoring import following, line
        from scoring.queries import idle_columns
        from sla import queries as sla

        events.bind(reactions.TABLE)
        deadlines.bind(sla.deadlines, sla.OPEN_DEADLINES)
        objecting.bind(suppressed)
        office.bind(sla.office_hours)
        line.bind(mql_score, mql_fields)
        hiding.bind(idle_columns)
        placing.bind(least_people)
        following.bind(effects.FOLLOWING)
        access_rules.bind(access.TABLE)
        lead_page.bind(lead=panels.LEAD, company=panels.COMPANY, steps=panels.STEPS)
        forgetting.bind(erasing.ERASERS)
        row_names.bind(naming.NAMES)
        value_origins.bind(origins.ORIGINS)
        bulk_verbs.bind(bulk.TABLE)
        cycle_stories.bind(cycles.PARTS)
        segment_uses.bind(*uses.FINDERS)
        segment_keepers.bind(keepers.KEEPERS)
        lent_numbers.bind(*lending.LENDERS, withheld=lending.withheld)
