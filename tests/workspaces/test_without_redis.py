"""People get in, sign up and reset their passwords while Redis is away."""

from allauth.account.models import EmailAddress
from django.conf import settings as ours
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from leadmgmt.workspaces.models import Member
from tests.clients import client_of

PASSWORD = "correct horse battery"


def _take_redis_away(settings: Settings) -> None:
    standard = settings.CACHES["default"]
    settings.CACHES = {"default": standard | {"LOCATION": "redis://127.0.0.1:1/0"}}


def test_people_log_in_without_redis(settings: Settings, ada: Member) -> None:
    ada.user.set_password(PASSWORD)
    ada.user.save(update_fields=["password"])
    EmailAddress.objects.create(user=ada.user, email=ada.user.email, verified=True, primary=True)
    _take_redis_away(settings)
    client = Client()
    wrong = client.post("/accounts/login/", {"login": ada.user.email, "password": "guess"})
    right = client.post("/accounts/login/", {"login": ada.user.email, "password": PASSWORD})
    assert (wrong.status_code, right.status_code) == (200, 302)
    assert client.get("/w/acme/leads/").status_code == 200


def test_accounts_are_made_and_mended_without_redis(settings: Settings, ada: Member) -> None:
    _take_redis_away(settings)
    new = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post("/accounts/signup/", new).status_code == 302
    assert Client().post("/accounts/password/reset/", {"email": new["email"]}).status_code == 302
    assert client_of(ada).get("/w/acme/").status_code == 302


def test_a_cache_that_is_away_is_empty(settings: Settings) -> None:
    _take_redis_away(settings)
    cache.set("a", 1)
    assert (cache.get("a", "nothing"), cache.add("a", 1), cache.delete("a")) == (
        "nothing",
        True,
        False,
    )


def test_each_address_guesses_for_itself_behind_our_proxy(settings: Settings, db: None) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/h/ip"}

    def guess(number: int, address: str) -> str:
        said = {"login": f"nobody{number}@example.com", "password": "guess"}
        headers = {"X-Forwarded-For": f"{number}.6.6.6, {address}"}
        return Client().post("/accounts/login/", said, headers=headers).content.decode()

    cache.clear()
    ours = [guess(number, "192.0.2.1") for number in range(3)]
    assert ["Too many" in page for page in ours] == [False, False, True]
    assert "Too many" not in guess(9, "192.0.2.2")


def test_the_proxies_in_front_are_counted_once() -> None:
    assert ours.ALLAUTH_TRUSTED_PROXY_COUNT == ours.PROXIES
