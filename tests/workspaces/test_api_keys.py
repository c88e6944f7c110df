"""API keys: made, used, revoked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.workspaces.actions.keys import CannotMakeKey, revoke_key
from leadmgmt.workspaces.api import key_of
from leadmgmt.workspaces.models import ApiKey, Member, Scope
from tests.builders import a_key

NOW = timezone.now()


def test_the_secret_is_not_kept(ada: Member) -> None:
    made = a_key(ada)
    row = str(ApiKey.objects.values().get())
    assert made.secret not in row
    assert made.key.prefix == made.secret[:9]


def test_a_key_opens_its_workspace_from_outside(ada: Member) -> None:
    made = a_key(ada, Scope.LEADS_READ)
    with inside(None):
        found = key_of(made.secret)
        assert found is not None
        assert current_workspace_id() == ada.workspace_id


def test_revoked_and_expired_keys_open_nothing(ada: Member) -> None:
    revoked, expired = a_key(ada), a_key(ada, expires_at=NOW + timedelta(days=1))
    revoke_key(revoked.key, now=NOW)
    ApiKey.objects.filter(pk=expired.key.pk).update(expires_at=NOW)
    assert key_of(revoked.secret) is None
    assert key_of(expired.secret) is None
    assert key_of("lm_guess") is None


def test_use_is_noted_at_most_once_a_minute(ada: Member) -> None:
    made = a_key(ada)
    assert key_of(made.secret, now=NOW)
    assert key_of(made.secret, now=NOW + timedelta(seconds=50))
    assert ApiKey.objects.get().last_used_at == NOW
    assert key_of(made.secret, now=NOW + timedelta(seconds=70))
    assert ApiKey.objects.get().last_used_at == NOW + timedelta(seconds=70)


def test_a_useless_key_is_refused(ada: Member) -> None:
    with pytest.raises(CannotMakeKey, match="everything"):
        a_key(ada, "everything")
    with pytest.raises(CannotMakeKey, match="at least one"):
        a_key(ada, scopes=[])
    with pytest.raises(CannotMakeKey, match="future"):
        a_key(ada, expires_at=NOW - timedelta(days=1))
