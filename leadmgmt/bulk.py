"""What can be done to many leads or companies at once, in the order of the bar above a list.

An app adds a `Verb`; see `leads.bulk`.
"""

from funnel.bulk import CYCLE, STAGE
from funnel.closing.bulk import HANDOVER
from funnel.routing.bulk import ASSIGN
from leads.bulk import verbs
from leads.bulk.companies import COMPANY_VERBS
from leads.bulk.exporting import EXPORT
from nurturing.bulk import ENROL

TABLE = (ASSIGN, *verbs.VERBS, STAGE, CYCLE, HANDOVER, ENROL, EXPORT, verbs.REMOVE, *COMPANY_VERBS)
