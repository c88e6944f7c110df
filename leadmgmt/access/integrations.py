"""Who may open what of members, teams and absences, over the API."""

from leadmgmt.access.roles import READ
from leadmgmt.workspaces.models import Scope

API: dict[str, dict[str, Scope]] = {
    "workspace": {"GET": READ},
    "member-list": {"GET": READ},
    "member-detail": {"GET": READ},
    "member-hours": {"PUT": Scope.ROUTING_WRITE, "GET": READ},
    "team-list": {"GET": READ, "POST": Scope.ROUTING_WRITE},
    "team-detail": {"GET": READ, "PATCH": Scope.ROUTING_WRITE},
    "team-hours": {"PUT": Scope.ROUTING_WRITE, "GET": READ},
    "team-retire": {"POST": Scope.ROUTING_WRITE},
    "team-restore": {"POST": Scope.ROUTING_WRITE},
    "absence-list": {"GET": READ, "POST": Scope.ROUTING_WRITE},
    "absence-detail": {"GET": READ, "DELETE": Scope.ROUTING_WRITE},
}
