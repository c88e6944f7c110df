"""Who may open what of members, teams, keys and settings."""

from leadmgmt.access.roles import ADMIN, CLOSING, LEADING, LOOKING, MARKETING
from leadmgmt.workspaces.access import EVERYBODY, Access

PAGES: dict[str, Access] = {
    "workspace_home": Access(EVERYBODY | CLOSING),
    "setup": Access(MARKETING),
    "setup_agree": Access(write=MARKETING),
    "workspaces:member_list": Access(ADMIN),
    "workspaces:invite": Access(write=ADMIN),
    "workspaces:change_role": Access(write=ADMIN),
    "workspaces:remove_member": Access(write=ADMIN),
    "workspaces:readmit_member": Access(write=ADMIN),
    "workspaces:member_keys": Access(ADMIN, ADMIN),
    "workspaces:member_hours": Access(LEADING, LEADING),
    "workspaces:team_list": Access(LOOKING),
    "workspaces:team_add": Access(LEADING, LEADING),
    "workspaces:team": Access(LOOKING, LEADING),
    "workspaces:team_hours": Access(LEADING, LEADING),
    "workspaces:team_retire": Access(write=LEADING),
    "workspaces:team_restore": Access(write=LEADING),
    "workspaces:absence_list": Access(LOOKING, LEADING),
    "workspaces:absence_end": Access(write=LEADING),
    "workspaces:renew_invitation": Access(write=ADMIN),
    "workspaces:withdraw_invitation": Access(write=ADMIN),
    "workspaces:key_list": Access(ADMIN, ADMIN),
    "workspaces:revoke_key": Access(write=ADMIN),
    "workspaces:notice_list": Access(EVERYBODY),
    "workspaces:notice_open": Access(write=EVERYBODY),
    "workspaces:notices_seen": Access(write=EVERYBODY),
    "workspaces:notices_mail": Access(write=EVERYBODY),
    "workspaces:settings": Access(ADMIN, ADMIN),
    "workspaces:stuck_work": Access(ADMIN, ADMIN),
}
