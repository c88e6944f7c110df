"""What people did on the site, and where they came from, in words."""

from django.utils.translation import gettext as _

from leads.models import Activity
from leads.telling.words import Said, quoted


def page(said: Said) -> str:
    return quoted(said, "path", _("Viewed %(value)s"), _("Viewed a page"))


def visit(said: Said) -> str:
    return quoted(said, "path", _("Came to the site at %(value)s"), _("Came to the site"))


def form(said: Said) -> str:
    return quoted(said, "form", _("Sent the form “%(value)s”"), _("Sent a form"))


def came(said: Said) -> str:
    return quoted(said, "form", _("Became a lead through the form “%(value)s”"), _("Became a lead"))


def origin_of(activity: Activity) -> str:
    where = " / ".join(part for part in (activity.source, activity.medium) if part)
    return _("from %(where)s") % {"where": where} if where else ""
