"""Who reacts to what: the one table of everything that happens by itself.

Read it beside `urls.py`. *now* runs in the event's own transaction, *later* in a worker, exactly
once. Call down, announce up: an event comes from below the app that reacts.
"""

import funnel.reactions
from leadmgmt.kernel.events import Table, later
from leads.events import LeadsChanged, LeadsCreated

TABLE: Table = {
    LeadsCreated: [later(funnel.reactions.place_companies)],
    LeadsChanged: [later(funnel.reactions.place_companies)],
}
