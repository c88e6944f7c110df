"""Real estate."""

from django.utils.translation import gettext_lazy as _

from leads.kinds import Kind
from scoring.gallery.ready import (
    MAIL,
    REFERRED,
    ReadyModel,
    any_of,
    does,
    industry_with,
    known,
    mail_is,
    page,
    silent,
    title_with,
)
from scoring.models import Per

REAL_ESTATE = ReadyModel(
    "real_estate",
    _("Real estate"),
    _("Selling and letting homes and offices: few visits, quick decisions."),
    "house",
    fit=(
        known(_("Can be called"), {"field": "phone", "is_known": True}, 25),
        known(_("We know the city"), {"field": "city", "is_known": True}, 10),
        known(_("Came by a recommendation"), any_of(*REFERRED), 15),
        known(_("Looks for a firm"), mail_is("company"), 10),
        known(
            _("Trades in property"),
            industry_with("real estate", "property", "construct", "invest"),
            10,
        ),
        known(_("Throw-away mail"), mail_is("disposable"), -30),
        known(_("Is a broker"), title_with("broker", "realtor", "agent"), -20),
    ),
    engagement=(
        page(_("Looks at an offer"), "/listing", 4),
        page(_("Looks at a home"), "/property", 4),
        page(_("Works out a loan"), "/mortgage", 10),
        page(_("Asks for a viewing"), "/viewing", 18),
        page(_("Looks at the map"), "/map", 3),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 25, days=30, cap=50),
        does(_("Came to a viewing"), Kind.MEETING, 30, days=30, cap=60),
        does(_("Spoke with us"), Kind.CALL, 10, days=30, cap=30),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for two weeks"), 14, -15),
    ),
)
