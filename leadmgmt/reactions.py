"""Who reacts to what: the one table of everything that happens by itself.

Read it beside `urls.py`. *now* runs in the event's own transaction, *later* in a worker, exactly
once. Call down, announce up: an event comes from below the app that reacts.
"""

import capture.reactions
import funnel.reactions
import nurturing.reactions
import sla.reactions
from capture.events import FormsSubmitted, ImportsMoved
from funnel.events import LeadsAttempted, StagesEntered
from leadmgmt.kernel.events import Table, later, now
from leadmgmt.workspaces.events import WorkspacesCreated
from leads.events import LeadsChanged, LeadsCreated

TABLE: Table = {
    WorkspacesCreated: [
        now(sla.reactions.promise_something),
        now(nurturing.reactions.write_first_sequence),
    ],
    LeadsCreated: [
        later(funnel.reactions.place_companies),
    ],
    LeadsChanged: [
        later(funnel.reactions.place_companies),
    ],
    ImportsMoved: [
        later(capture.reactions.import_next_chunks),
    ],
    StagesEntered: [
        now(sla.reactions.watch_first_response),
        later(nurturing.reactions.enrol_entered),
    ],
    FormsSubmitted: [
        later(nurturing.reactions.enrol_submitted),
    ],
    LeadsAttempted: [
        now(sla.reactions.stop_answered),
    ],
}
