"""Users, workspaces and who may do what in them, by noun."""

from leadmgmt.workspaces.models.keys import ApiKey, ApiKeyQuerySet, Scope
from leadmgmt.workspaces.models.members import (
    Invitation,
    InvitationQuerySet,
    Member,
    MemberQuerySet,
    Role,
)
from leadmgmt.workspaces.models.notices import Notice
from leadmgmt.workspaces.models.teams import Absence, Team, TeamMember, WorkingTime
from leadmgmt.workspaces.models.users import User, UserManager
from leadmgmt.workspaces.models.versions import (
    SoleVersion,
    VersionQuerySet,
    VersionState,
    one_at_a_time,
)
from leadmgmt.workspaces.models.workspaces import (
    Workspace,
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
    a_time_zone,
    time_zones,
)

__all__ = [
    "Absence",
    "ApiKey",
    "ApiKeyQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Member",
    "MemberQuerySet",
    "Notice",
    "Role",
    "Scope",
    "SoleVersion",
    "Team",
    "TeamMember",
    "User",
    "UserManager",
    "VersionQuerySet",
    "VersionState",
    "WorkingTime",
    "Workspace",
    "WorkspaceManager",
    "WorkspaceModel",
    "WorkspaceQuerySet",
    "a_time_zone",
    "one_at_a_time",
    "time_zones",
]
