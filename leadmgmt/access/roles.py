"""The roles by what they do, and the two scopes that nearly all of the API needs."""

from leadmgmt.workspaces.models import Role, Scope

ADMIN = frozenset({Role.ADMIN})
MARKETING = frozenset({Role.ADMIN, Role.MARKETER})
PLANNING = MARKETING | {Role.MANAGER}
LOOKING = PLANNING | {Role.ANALYST}
SELLING = frozenset({Role.ADMIN, Role.MANAGER, Role.REP})
LEADING = frozenset({Role.ADMIN, Role.MANAGER})
CLOSING = frozenset({Role.CLOSER})
WORKING = frozenset({Role.ADMIN, Role.MARKETER, Role.MANAGER, Role.REP})

READ, WRITE = Scope.LEADS_READ, Scope.LEADS_WRITE
