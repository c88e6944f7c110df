"""API keys at the API's own door: `Authorization: Bearer lm_…`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from leadmgmt.kernel.context import enter
from leadmgmt.kernel.limits import Allowance, count
from leadmgmt.workspaces.hashing import hashed
from leadmgmt.workspaces.models import ApiKey, Member, Scope, Workspace

if TYPE_CHECKING:  # views import this module through DRF's settings
    from rest_framework.views import APIView

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOTED_EVERY = timedelta(minutes=1)
USABLE_KEY = "SELECT * FROM platform_usable_key(%s, %s)"


class KeyBearer:
    """Who acts through the API: a key, not a person."""

    is_authenticated = True
    is_anonymous = False
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.key = key

    def __str__(self) -> str:
        return self.key.label


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the workspace from the key, and steps into it."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """The bearer and the key, or None without a key; a wrong one is refused."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        key = key_of(words[1].decode("latin-1")) if len(words) == 2 else None
        if key is None:
            raise AuthenticationFailed(_("This API key is unknown, revoked or expired."))
        return KeyBearer(key), key

    def authenticate_header(self, request: Request) -> str:
        """What a client without a key is told to send."""
        return "Bearer"


class HasScope(BasePermission):
    """The view names its scopes: `scopes = {"read": …, "write": …}`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Does the key carry the scope this method needs?"""
        key = request.auth
        if not isinstance(key, ApiKey):
            return False
        if request.method not in view.allowed_methods:
            return True  # the view says 405
        needed: dict[str, Scope] = getattr(view, "scopes", {})
        scope = needed.get("read" if request.method in READING else "write")
        if scope is None:
            return False
        self.message = _("This API key lacks the scope %(scope)s.") % {"scope": scope.value}
        return scope.value in key.scopes


class KeyLimit(BaseThrottle):
    """Each key has its number of requests a minute."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count it; what nobody has authenticated is no key's."""
        if isinstance(request.auth, ApiKey):
            self.allowance = count_use(request._request, request.auth)
        return self.allowance is None or not self.allowance.is_spent

    def wait(self) -> float | None:
        """Seconds until the next minute."""
        return self.allowance.seconds if self.allowance else None


def count_use(request: HttpRequest, key: ApiKey) -> Allowance | None:
    """One more request with this key."""
    return count(request, "api", key.pk, most=settings.API_LIMIT)


def workspace_of(request: Request) -> Workspace:
    """The workspace of the key that got in."""
    key: Any = request.auth
    workspace: Workspace = key.workspace
    return workspace


def member_behind(request: Request) -> Member | None:
    """Who made the key that got in, if they are still here."""
    key: Any = request.auth
    found: Member | None = Member.objects.present().filter(user_id=key.made_by_id).first()
    return found


def key_of(secret: str, *, now: datetime | None = None) -> ApiKey | None:
    """The usable key with this secret; we are in its workspace from then on.

    Asked anew at each request, so that a revoked key is refused at once.
    """
    moment = now or timezone.now()
    found = ApiKey._base_manager.raw(USABLE_KEY, [hashed(secret), moment])
    key: Any = next(iter(found), None)
    if key is None:
        return None
    enter(key.workspace_id)
    _note_use(key, moment)
    return cast("ApiKey", key)


def _note_use(key: ApiKey, now: datetime) -> None:
    """To the minute: an integration in full flow costs one write a minute, not one a request."""
    stale = now - NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= stale:
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_at__gt=stale).update(last_used_at=now)
