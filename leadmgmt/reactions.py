"""Who reacts to what: the one table of everything that happens by itself.

Read it beside `urls.py`. *now* runs in the event's own transaction, *later* in a worker, exactly
once. Call down, announce up: an event comes from below the app that reacts.
"""

from leadmgmt.kernel.events import Table

TABLE: Table = {}
