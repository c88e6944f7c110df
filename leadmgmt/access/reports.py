"""Who may open what of figures and costs."""

from leadmgmt.access.roles import MARKETING, READ
from leadmgmt.workspaces.access import EVERYBODY, Access
from leadmgmt.workspaces.models import Scope

PAGES: dict[str, Access] = {
    "reports:dashboard": Access(EVERYBODY),
    "reports:people_list": Access(EVERYBODY),
    "reports:funnel": Access(EVERYBODY),
    "reports:journey": Access(EVERYBODY),
    "reports:step_list": Access(EVERYBODY),
    "reports:deal_list": Access(EVERYBODY),
    "reports:visit_list": Access(EVERYBODY),
    "reports:deadline_list": Access(EVERYBODY),
    "reports:cost_list": Access(EVERYBODY, MARKETING),
    "reports:cost_remove": Access(MARKETING, MARKETING),
    "reports:cost_restore": Access(write=MARKETING),
}

API: dict[str, dict[str, Scope]] = {
    "figure-list": {"GET": Scope.REPORTS_READ},
    "figure-rows": {"GET": READ},
    "funnel-list": {"GET": Scope.REPORTS_READ},
    "funnel-rows": {"GET": READ},
    "journey-list": {"GET": Scope.REPORTS_READ},
    "journey-rows": {"GET": READ},
    "cost-list": {"GET": Scope.REPORTS_READ, "POST": Scope.COSTS_WRITE},
    "cost-detail": {"DELETE": Scope.COSTS_WRITE},
}
