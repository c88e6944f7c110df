"""Who is logged in: what every request of a browser reads first, in two cheap statements."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from leadmgmt.kernel.rows import read_one
from leadmgmt.workspaces.models import User


class SessionStore(db.SessionStore):
    """Sessions in the database, as Django keeps them."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when it is unknown or over."""
        found = read_one(
            Session,
            "session_key = %(key)s AND expire_date > %(now)s",
            key=self.session_key,
            now=timezone.now(),
        )
        if found is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found.session_data)
        return held


class _QuickUser:
    """Finds the user of a session."""

    def get_user(self, user_id: UUID) -> User | None:
        """The user, unless an operator has shut them out."""
        return read_one(User, "id = %(id)s AND is_active", id=user_id)


class PasswordBackend(_QuickUser, ModelBackend):
    """Operators, in the admin."""


class EmailBackend(_QuickUser, AuthenticationBackend):
    """Everybody, by email and password."""
