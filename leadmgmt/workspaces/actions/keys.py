"""API keys: made, shown once, revoked."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.hashing import hashed
from leadmgmt.workspaces.models import ApiKey, Member, Scope

MARK = "lm_"  # tells scanners of leaked secrets whose key it is
SHOWN = 9  # characters kept in the clear, to recognise a key by


class CannotMakeKey(Refusal):
    """The key would be of no use."""


@dataclass(frozen=True)
class MadeKey:
    """A new key and its secret, which nobody can read again later."""

    key: ApiKey
    secret: str


@transaction.atomic
def make_key(
    label: str,
    *,
    scopes: Collection[str],
    by: Member,
    now: datetime,
    expires_at: datetime | None = None,
) -> MadeKey:
    """Make a key for an integration. Refuses no scope, an unknown one and an expiry in the past."""
    _check_scopes(scopes)
    if expires_at is not None and expires_at <= now:
        raise CannotMakeKey(_("The expiry must lie in the future."), field="expires_at")
    secret = MARK + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        label=label,
        prefix=secret[:SHOWN],
        secret_hash=hashed(secret),
        scopes=sorted(scopes),
        made_by_id=by.user_id,
        expires_at=expires_at,
    )
    return MadeKey(key, secret)


@transaction.atomic
def revoke_key(key: ApiKey, *, now: datetime) -> None:
    """From now on nobody gets in with it; revoking twice changes nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def revoke_keys_of(member: Member, *, now: datetime) -> int:
    """Shut out every usable key this member made; how many there were."""
    return keys_of(member, now=now).update(revoked_at=now)


def keys_of(member: Member, *, now: datetime) -> QuerySet[ApiKey]:
    """The usable keys of the workspace that this member made."""
    return ApiKey.objects.usable(now).filter(made_by_id=member.user_id)


def _check_scopes(scopes: Collection[str]) -> None:
    if not scopes:
        raise CannotMakeKey(_("Choose at least one thing the key may do."), field="scopes")
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        sentence = _("“%(scope)s” is not a scope; choose from %(all)s.")
        names = {"scope": unknown[0], "all": ", ".join(Scope.values)}
        raise CannotMakeKey(sentence % names, field="scopes")
