"""Who may open what of promises and their clocks."""

from leadmgmt.access.roles import PLANNING, READ
from leadmgmt.workspaces.access import EVERYBODY, Access
from leadmgmt.workspaces.models import Scope

PAGES: dict[str, Access] = {
    "sla:policy_list": Access(EVERYBODY),
    "sla:policy_edit": Access(PLANNING, PLANNING),
    "sla:clock_list": Access(EVERYBODY),
}

API: dict[str, dict[str, Scope]] = {
    "sla-policy-list": {"GET": READ},
    "sla-policy-detail": {"GET": READ},
    "sla-clock-list": {"GET": READ},
    "sla-clock-detail": {"GET": READ},
    "sla-attainment": {"GET": Scope.REPORTS_READ},
}
