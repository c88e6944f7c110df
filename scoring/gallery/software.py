"""B2B software, SaaS."""

from django.utils.translation import gettext_lazy as _

from leads.kinds import Kind
from scoring.gallery.ready import (
    MAIL,
    WEB,
    ReadyModel,
    does,
    industry_with,
    known,
    mail_is,
    page,
    silent,
    staff,
    title_with,
)
from scoring.models import Per

SOFTWARE = ReadyModel(
    "software",
    _("B2B software, SaaS"),
    _("Firms that sell software to firms by trial or demo."),
    "app-window",
    fit=(
        known(
            _("Decides on tools or budget"),
            title_with("chief", "head", "director", "founder", "vp"),
            20,
        ),
        known(
            _("Works with IT or operations"),
            title_with("engineer", "operations", "product", "developer"),
            10,
        ),
        known(_("Company of 50 people or more"), staff(50), 15),
        known(_("Company of 500 people or more"), staff(500), 5),
        known(
            _("Technology or finance"),
            industry_with("software", "technology", "finance", "telecom"),
            10,
        ),
        known(_("Mail of its own"), mail_is("company"), 10),
        known(_("Free mail"), mail_is("free"), -10),
        known(_("Throw-away mail"), mail_is("disposable"), -30),
        known(_("Studies or looks for a job"), title_with("student", "intern"), -20),
    ),
    engagement=(
        page(_("Reads prices"), "/pricing", 8),
        page(_("Looks at the demo"), "/demo", 12),
        page(_("Reads the documentation"), "/docs", 4),
        page(_("Compares us"), "/compare", 8),
        page(_("Reads about security"), "/security", 6),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 20, cap=40),
        does(_("Met us"), Kind.MEETING, 20, cap=40),
        does(_("Comes to the site"), Kind.VISIT, 2, per=Per.DAY, days=30, cap=10, group=WEB),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for a month"), 30, -10),
    ),
)
