"""Who may open what: URL name → roles that may look, roles that may change.

The door reads this table; a page without a row opens to nobody, and a test says so. For the API:
route name → method → scope.
"""

from leadmgmt.workspaces.access import EVERYBODY, Access
from leadmgmt.workspaces.models import Role, Scope

ADMIN = frozenset({Role.ADMIN})
MARKETING = frozenset({Role.ADMIN, Role.MARKETER})
PLANNING = MARKETING | {Role.MANAGER}
LOOKING = PLANNING | {Role.ANALYST}
SELLING = frozenset({Role.ADMIN, Role.MANAGER, Role.REP})
WORKING = frozenset({Role.ADMIN, Role.MARKETER, Role.MANAGER, Role.REP})

WORKSPACES: dict[str, Access] = {
    "workspace_home": Access(EVERYBODY),
    "setup": Access(MARKETING),
    "setup_agree": Access(write=MARKETING),
    "workspaces:member_list": Access(ADMIN),
    "workspaces:invite": Access(write=ADMIN),
    "workspaces:change_role": Access(write=ADMIN),
    "workspaces:remove_member": Access(write=ADMIN),
    "workspaces:readmit_member": Access(write=ADMIN),
    "workspaces:renew_invitation": Access(write=ADMIN),
    "workspaces:withdraw_invitation": Access(write=ADMIN),
    "workspaces:key_list": Access(ADMIN, ADMIN),
    "workspaces:revoke_key": Access(write=ADMIN),
    "workspaces:notice_list": Access(EVERYBODY),
    "workspaces:notice_open": Access(write=EVERYBODY),
    "workspaces:notices_seen": Access(write=EVERYBODY),
    "workspaces:settings": Access(ADMIN, ADMIN),
    "workspaces:stuck_work": Access(ADMIN, ADMIN),
}

LEADS: dict[str, Access] = {
    "leads:lead_list": Access(EVERYBODY),
    "leads:lead_add": Access(WORKING, WORKING),
    "leads:lead": Access(EVERYBODY),
    "leads:lead_edit": Access(WORKING, WORKING),
    "leads:lead_field": Access(WORKING, WORKING),
    "leads:lead_history": Access(EVERYBODY),
    "leads:lead_assign": Access(frozenset(), WORKING),
    "leads:lead_note": Access(frozenset(), WORKING),
    "leads:lead_task_add": Access(WORKING, WORKING),
    "leads:company_task_add": Access(WORKING, WORKING),
    "leads:task_list": Access(WORKING),
    "leads:task_team": Access(LOOKING),
    "leads:task": Access(WORKING, WORKING),
    "leads:task_finish": Access(write=WORKING),
    "leads:task_drop": Access(write=WORKING),
    "leads:task_reopen": Access(write=WORKING),
    "leads:task_kind_list": Access(PLANNING),
    "leads:task_kind_add": Access(PLANNING, PLANNING),
    "leads:task_kind": Access(PLANNING, PLANNING),
    "leads:task_kind_retire": Access(write=PLANNING),
    "leads:task_kind_restore": Access(write=PLANNING),
    "leads:company_list": Access(EVERYBODY),
    "leads:view_add": Access(write=EVERYBODY),
    "leads:view_change": Access(write=EVERYBODY),
    "leads:view_remove": Access(write=EVERYBODY),
    "leads:company": Access(EVERYBODY),
    "leads:campaign_list": Access(LOOKING),
    "leads:campaign_add": Access(MARKETING, MARKETING),
    "leads:campaign": Access(LOOKING, MARKETING),
    "leads:condition_edit": Access(write=EVERYBODY),
    "leads:condition_count": Access(write=EVERYBODY),
    "leads:field_list": Access(MARKETING, MARKETING),
    "leads:field_rename": Access(frozenset(), MARKETING),
    "leads:field_retire": Access(frozenset(), MARKETING),
    "leads:field_restore": Access(frozenset(), MARKETING),
}

CAPTURE: dict[str, Access] = {
    "capture:tracking": Access(LOOKING),
    "capture:form_list": Access(LOOKING),
    "capture:form_new": Access(MARKETING, MARKETING),
    "capture:form": Access(LOOKING),
    "capture:form_edit": Access(MARKETING, MARKETING),
    "capture:submission_list": Access(LOOKING),
    "capture:submission_accept": Access(MARKETING, MARKETING),
    "capture:import_list": Access(LOOKING),
    "capture:import_new": Access(MARKETING, MARKETING),
    "capture:import": Access(LOOKING),
    "capture:import_mapping": Access(MARKETING, MARKETING),
    "capture:import_reread": Access(MARKETING, MARKETING),
    "capture:import_cancel": Access(MARKETING, MARKETING),
    "capture:import_resume": Access(MARKETING, MARKETING),
    "capture:import_undo": Access(MARKETING, MARKETING),
    "capture:import_remove": Access(MARKETING, MARKETING),
    "capture:import_problems": Access(LOOKING),
}

SCORING: dict[str, Access] = {
    "scoring:model": Access(EVERYBODY),
    "scoring:version": Access(EVERYBODY),
    "scoring:progress": Access(EVERYBODY),
    "scoring:recompute": Access(write=MARKETING),
    "scoring:draft": Access(MARKETING, MARKETING),
    "scoring:draft_start": Access(write=MARKETING),
    "scoring:draft_discard": Access(write=MARKETING),
    "scoring:publish": Access(MARKETING, MARKETING),
    "scoring:effect": Access(MARKETING),
    "scoring:rule_add": Access(MARKETING, MARKETING),
    "scoring:rule_count": Access(write=MARKETING),
    "scoring:rule_edit": Access(MARKETING, MARKETING),
    "scoring:rule_remove": Access(write=MARKETING),
    "scoring:rule_duplicate": Access(write=MARKETING),
    "scoring:rule_move": Access(write=MARKETING),
}

FUNNEL: dict[str, Access] = {
    "funnel:queue": Access(SELLING),
    "funnel:claim_next": Access(write=SELLING),
    "funnel:claim": Access(write=SELLING),
    "funnel:hand_back": Access(write=SELLING),
    "funnel:attempt": Access(SELLING, SELLING),
    "funnel:qualification": Access(SELLING, SELLING),
    "funnel:move": Access(SELLING, SELLING),
    "funnel:deal_list": Access(EVERYBODY),
    "funnel:deal_add": Access(SELLING, SELLING),
    "funnel:deal": Access(EVERYBODY, SELLING),
    "funnel:deal_win": Access(SELLING, SELLING),
    "funnel:deal_lose": Access(SELLING, SELLING),
    "funnel:definitions": Access(EVERYBODY),
    "funnel:definition_change": Access(PLANNING, PLANNING),
    "funnel:definition_publish": Access(PLANNING, PLANNING),
    "funnel:definition_discard": Access(write=PLANNING),
}

NURTURING: dict[str, Access] = {
    "nurturing:sequence_list": Access(LOOKING),
    "nurturing:sequence": Access(EVERYBODY),
    "nurturing:message_list": Access(LOOKING),
    "nurturing:sequence_new": Access(MARKETING, MARKETING),
    "nurturing:sequence_edit": Access(MARKETING, MARKETING),
    "nurturing:sequence_pause": Access(write=MARKETING),
    "nurturing:sequence_resume": Access(write=MARKETING),
    "nurturing:message_settle": Access(write=MARKETING),
    "nurturing:draft": Access(MARKETING, MARKETING),
    "nurturing:draft_start": Access(write=MARKETING),
    "nurturing:draft_discard": Access(write=MARKETING),
    "nurturing:step": Access(EVERYBODY, MARKETING),
    "nurturing:step_add": Access(write=MARKETING),
    "nurturing:step_preview": Access(write=EVERYBODY),
    "nurturing:step_test": Access(write=MARKETING),
    "nurturing:step_move": Access(write=MARKETING),
    "nurturing:step_remove": Access(write=MARKETING),
    "nurturing:enrol": Access(write=WORKING),
    "nurturing:leave": Access(write=WORKING),
}

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
    "reports:deadline_list": Access(EVERYBODY),
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

READ, WRITE = Scope.LEADS_READ, Scope.LEADS_WRITE

# The API: route name (below `api:`) → HTTP method → the scope a key needs. The views enforce it
# by their `scopes`; a test holds both against each other.
API: dict[str, dict[str, Scope]] = {
    "workspace": {"GET": READ},
    "member-list": {"GET": READ},
    "member-detail": {"GET": READ},
    "import-list": {"GET": READ, "POST": Scope.IMPORTS_WRITE},
    "import-detail": {
        "GET": READ,
        "PATCH": Scope.IMPORTS_WRITE,
        "DELETE": Scope.IMPORTS_WRITE,
    },
    "import-reread": {"POST": Scope.IMPORTS_WRITE},
    "import-preview": {"GET": READ},
    "import-dry-run": {"GET": READ, "POST": Scope.IMPORTS_WRITE},
    "import-start": {"POST": Scope.IMPORTS_WRITE},
    "import-cancel": {"POST": Scope.IMPORTS_WRITE},
    "import-resume": {"POST": Scope.IMPORTS_WRITE},
    "import-undo": {"POST": Scope.IMPORTS_WRITE},
    "import-stayed": {"GET": READ},
    "import-problems": {"GET": READ},
    "form-list": {"GET": READ},
    "form-detail": {"GET": READ},
    "lead-list": {"GET": READ, "POST": WRITE},
    "lead-detail": {"GET": READ, "PATCH": WRITE},
    "lead-bulk": {"POST": WRITE},
    "company-list": {"GET": READ},
    "company-detail": {"GET": READ},
    "view-list": {"GET": READ, "POST": WRITE},
    "view-detail": {"GET": READ, "PATCH": WRITE, "DELETE": WRITE},
    "lead-score": {"GET": READ},
    "activity-batch": {"POST": Scope.ACTIVITIES_WRITE},
    "activity-list": {"GET": READ},
    "campaign-list": {"GET": READ, "POST": WRITE},
    "campaign-detail": {"GET": READ, "PATCH": WRITE},
    "condition-validate": {"POST": READ},
    "condition-count": {"POST": READ},
    "condition-explain": {"POST": READ},
    "condition-vocabulary": {"GET": READ},
    "score-model": {"GET": READ},
    "attempt-list": {"POST": Scope.SALES_WRITE},
    "deal-list": {"GET": READ, "POST": Scope.SALES_WRITE},
    "deal-detail": {"GET": READ, "PATCH": Scope.SALES_WRITE},
    "deal-win": {"POST": Scope.SALES_WRITE},
    "deal-lose": {"POST": Scope.SALES_WRITE},
    "definition-list": {"GET": READ},
    "definition-detail": {"GET": READ},
    "move-list": {"GET": READ, "POST": Scope.SALES_WRITE},
    "qualification-list": {"GET": READ, "POST": Scope.SALES_WRITE},
    "qualification-detail": {"GET": READ},
    "queue-list": {"GET": READ},
    "queue-next": {"POST": Scope.SALES_WRITE},
    "queue-claim": {"POST": Scope.SALES_WRITE},
    "queue-hand-back": {"POST": Scope.SALES_WRITE},
    "sequence-list": {"GET": READ},
    "sequence-enrolments": {"POST": Scope.SEQUENCES_WRITE},
    "enrolment-list": {"GET": READ},
    "enrolment-detail": {"GET": READ},
    "message-list": {"GET": READ},
    "message-detail": {"GET": READ},
    "sla-policy-list": {"GET": READ},
    "sla-policy-detail": {"GET": READ},
    "sla-clock-list": {"GET": READ},
    "sla-clock-detail": {"GET": READ},
    "sla-attainment": {"GET": Scope.REPORTS_READ},
    "figure-list": {"GET": Scope.REPORTS_READ},
    "figure-rows": {"GET": READ},
    "cost-list": {"GET": Scope.REPORTS_READ, "POST": Scope.COSTS_WRITE},
    "cost-detail": {"DELETE": Scope.COSTS_WRITE},
}
