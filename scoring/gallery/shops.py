"""E-commerce, wholesale."""

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

COMMERCE = ReadyModel(
    "commerce",
    _("E-commerce, wholesale"),
    _("Online shops and wholesalers who win dealers and buyers that order again."),
    "shopping-cart",
    fit=(
        known(_("Buys for a firm"), title_with("buyer", "purchas", "procure", "merchand"), 20),
        known(_("Owns or leads the shop"), title_with("owner", "founder", "chief", "managing"), 15),
        known(
            _("Trades"),
            industry_with("retail", "wholesale", "trade", "commerce", "hospitality"),
            20,
        ),
        known(_("Company of 10 people or more"), staff(10), 10),
        known(_("Mail of its own"), mail_is("company"), 10),
        known(_("Can be called"), {"field": "phone", "is_known": True}, 5),
        known(_("Throw-away mail"), mail_is("disposable"), -30),
    ),
    engagement=(
        page(_("Looks at the catalogue"), "/catalog", 4),
        page(_("Reads wholesale terms"), "/wholesale", 12),
        page(_("Fills a basket"), "/cart", 10),
        page(_("Goes to the checkout"), "/checkout", 12),
        page(_("Reads about delivery"), "/delivery", 5),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 18, days=60, cap=36),
        does(_("Comes to the site"), Kind.VISIT, 2, per=Per.DAY, days=30, cap=12, group=WEB),
        does(_("Spoke with us"), Kind.CALL, 10, days=60, cap=20),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for six weeks"), 42, -10),
    ),
)
