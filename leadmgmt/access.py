"""Who may open what: URL name → roles that may look, roles that may change.

The door reads this table; a page without a row opens to nobody, and a test says so.
"""

from leadmgmt.workspaces.access import EVERYBODY, Access
from leadmgmt.workspaces.models import Role

ADMIN = frozenset({Role.ADMIN})
MARKETING = frozenset({Role.ADMIN, Role.MARKETER})
PLANNING = MARKETING | {Role.MANAGER}
LOOKING = PLANNING | {Role.ANALYST}
SELLING = frozenset({Role.ADMIN, Role.MANAGER, Role.REP})
WORKING = frozenset({Role.ADMIN, Role.MARKETER, Role.MANAGER, Role.REP})

WORKSPACES: dict[str, Access] = {
    "workspace_home": Access(EVERYBODY),
    "workspaces:member_list": Access(ADMIN),
    "workspaces:invite": Access(write=ADMIN),
    "workspaces:change_role": Access(write=ADMIN),
    "workspaces:remove_member": Access(write=ADMIN),
    "workspaces:renew_invitation": Access(write=ADMIN),
    "workspaces:withdraw_invitation": Access(write=ADMIN),
    "workspaces:key_list": Access(ADMIN, ADMIN),
    "workspaces:revoke_key": Access(write=ADMIN),
    "workspaces:settings": Access(ADMIN, ADMIN),
    "workspaces:stuck_work": Access(ADMIN, ADMIN),
}

LEADS: dict[str, Access] = {}

CAPTURE: dict[str, Access] = {}

SCORING: dict[str, Access] = {}

FUNNEL: dict[str, Access] = {}

NURTURING: dict[str, Access] = {}

SLA: dict[str, Access] = {
    "sla:policy_list": Access(EVERYBODY),
    "sla:policy_edit": Access(PLANNING, PLANNING),
    "sla:clock_list": Access(EVERYBODY),
}

REPORTS: dict[str, Access] = {
    "reports:dashboard": Access(EVERYBODY),
    "reports:people_list": Access(EVERYBODY),
    "reports:deal_list": Access(EVERYBODY),
    "reports:visit_list": Access(EVERYBODY),
    "reports:cost_list": Access(LOOKING, MARKETING),
    "reports:cost_remove": Access(MARKETING, MARKETING),
}

TABLE: dict[str, Access] = {
    **WORKSPACES,
    **LEADS,
    **CAPTURE,
    **SCORING,
    **FUNNEL,
    **NURTURING,
    **SLA,
    **REPORTS,
}
