"""What a production server refuses to start with."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import OperationalError

UNSAFE_ROLE = (
    "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
)


@register(Tags.security)
def no_development_settings(**_: Any) -> list[CheckMessage]:
    """A secret of its own, and no DEBUG, unless this is a developer's machine."""
    if settings.LOCAL:
        return []
    errors: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.DEVELOPMENT_SECRET or len(settings.SECRET_KEY) < 50:
        hint = "Set SECRET_KEY to at least 50 random characters."
        errors.append(Error("SECRET_KEY is the development one, or short.", hint, id="root.E001"))
    if settings.DEBUG:
        hint = "Unset DEBUG; it shows the inside of the program to everybody."
        errors.append(Error("DEBUG is on.", hint, id="root.E002"))
    return errors


@register(Tags.database)
def no_role_above_row_security(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """The application's database role must be bound by row security."""
    role, is_superuser, bypasses = _role()
    if not (is_superuser or bypasses):
        return []
    hint = "Let DATABASE_URL name a role with NOSUPERUSER NOBYPASSRLS, such as leadmgmt_app."
    return [Error(f"The database role {role} is not bound by row security.", hint, id="root.E003")]


def refuse_unsafe_start() -> None:
    """What web and workers call first: Django runs its checks for commands only."""
    errors = [*no_development_settings(), *no_role_above_row_security()]
    connection.close()  # the server may fork from here
    if errors:
        raise ImproperlyConfigured(" ".join(f"{each.msg} {each.hint}" for each in errors))


def _role() -> tuple[str, bool, bool]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(UNSAFE_ROLE)
            return cursor.fetchone()
    except OperationalError:
        return "", False, False  # no database: nothing can be served past row security either
