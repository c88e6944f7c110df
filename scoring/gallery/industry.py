"""Manufacturing and industrial equipment."""

from django.utils.translation import gettext_lazy as _

from leads.kinds import Kind
from scoring.gallery.ready import (
    MAIL,
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

MANUFACTURING = ReadyModel(
    "manufacturing",
    _("Manufacturing and industrial equipment"),
    _("Makers and dealers of machines, parts and materials, with long projects."),
    "factory",
    fit=(
        known(
            _("Buys or plans"), title_with("purchas", "procure", "buyer", "plant", "production"), 20
        ),
        known(
            _("Leads the works"), title_with("owner", "managing", "head", "director", "chief"), 15
        ),
        known(_("Engineers it"), title_with("engineer", "technic", "maintenance"), 10),
        known(
            _("Makes or builds things"),
            industry_with("manufact", "industr", "construct", "energy", "automotive"),
            20,
        ),
        known(_("Company of 100 people or more"), staff(100), 10),
        known(_("Mail of its own"), mail_is("company"), 5),
        known(_("Can be called"), {"field": "phone", "is_known": True}, 5),
        known(_("Free mail"), mail_is("free"), -10),
    ),
    engagement=(
        page(_("Reads a data sheet"), "/datasheet", 8),
        page(_("Looks at a product"), "/product", 5),
        page(_("Looks for spare parts"), "/spare", 6),
        page(_("Asks for a quote"), "/quote", 15),
        page(_("Looks for a dealer"), "/dealer", 6),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 25, days=180, cap=50),
        does(_("Met us"), Kind.MEETING, 25, days=180, cap=50),
        does(_("Spoke with us"), Kind.CALL, 8, days=120, cap=24),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for half a year"), 180, -15),
    ),
)
