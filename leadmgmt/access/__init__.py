"""Who may open what, by app: URL name → roles that may look, roles that may change.

The door reads this table; a page without a row opens to nobody, and a test says so. For the API:
route name (below `api:`) → HTTP method → the scope a key needs. The views enforce it by their
`scopes`; a test holds both against each other.
"""

from leadmgmt.access import (
    capture,
    funnel,
    integrations,
    leads,
    nurturing,
    reports,
    scoring,
    sla,
    workspaces,
)
from leadmgmt.workspaces.access import Access
from leadmgmt.workspaces.models import Scope

TABLE: dict[str, Access] = {
    **workspaces.PAGES,
    **leads.PAGES,
    **capture.PAGES,
    **scoring.PAGES,
    **funnel.PAGES,
    **nurturing.PAGES,
    **sla.PAGES,
    **reports.PAGES,
}
API: dict[str, dict[str, Scope]] = {
    **leads.API,
    **capture.API,
    **scoring.API,
    **funnel.API,
    **nurturing.API,
    **sla.API,
    **reports.API,
    **integrations.API,
}
