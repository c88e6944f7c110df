"""Education, training."""

from django.utils.translation import gettext_lazy as _

from leads.kinds import Kind
from scoring.gallery.ready import (
    MAIL,
    REFERRED,
    WEB,
    ReadyModel,
    any_of,
    does,
    known,
    mail_is,
    page,
    silent,
    title_with,
)
from scoring.models import Per

EDUCATION = ReadyModel(
    "education",
    _("Education, training"),
    _("Courses and programmes, for people who pay themselves or are sent by a firm."),
    "graduation-cap",
    fit=(
        known(
            _("Works in a profession we teach"),
            title_with("manager", "analyst", "engineer", "specialist", "teacher"),
            15,
        ),
        known(_("Looks for a new start"), title_with("student", "unemployed", "graduate"), 15),
        known(
            _("Trains others"), title_with("human resources", "learning", "training", "people"), 15
        ),
        known(_("Can be called"), {"field": "phone", "is_known": True}, 15),
        known(_("We know the city"), {"field": "city", "is_known": True}, 5),
        known(_("Came by a recommendation"), any_of(*REFERRED), 15),
        known(_("Throw-away mail"), mail_is("disposable"), -30),
    ),
    engagement=(
        page(_("Reads about a course"), "/course", 5),
        page(_("Looks at fees"), "/fees", 10),
        page(_("Looks at prices"), "/pricing", 10),
        page(_("Looks at dates"), "/dates", 10),
        page(_("Begins to apply"), "/apply", 15),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 15, days=60, cap=45),
        does(_("Spoke with us"), Kind.CALL, 12, days=60, cap=36),
        does(_("Comes to the site"), Kind.VISIT, 2, per=Per.DAY, days=21, cap=10, group=WEB),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for three weeks"), 21, -10),
    ),
)
