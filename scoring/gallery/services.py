"""Consulting, agency."""

from django.utils.translation import gettext_lazy as _

from leads.kinds import Kind
from scoring.gallery.ready import (
    MAIL,
    ReadyModel,
    does,
    known,
    mail_is,
    page,
    silent,
    staff,
    title_with,
)
from scoring.models import Per

CONSULTING = ReadyModel(
    "consulting",
    _("Consulting, agency"),
    _("Firms that sell the time and knowledge of people, by trust and talk."),
    "messages-square",
    fit=(
        known(
            _("Decides alone"), title_with("chief", "owner", "founder", "managing", "partner"), 25
        ),
        known(_("Leads a department"), title_with("head", "director", "vp", "lead"), 15),
        known(_("Company of 20 people or more"), staff(20), 10),
        known(_("Company of 200 people or more"), staff(200), 10),
        known(_("Mail of its own"), mail_is("company"), 10),
        known(_("Free mail"), mail_is("free"), -10),
        known(_("Offers the same as we do"), title_with("consultant", "freelance", "agency"), -15),
    ),
    engagement=(
        page(_("Reads a case study"), "/case", 8),
        page(_("Reads about the services"), "/services", 5),
        page(_("Reads about the team"), "/team", 6),
        page(_("Opens the contact page"), "/contact", 8),
        page(_("Reads the blog"), "/blog", 2),
        does(_("Sends a form"), Kind.FORM_SUBMITTED, 20, cap=40),
        does(_("Met us"), Kind.MEETING, 30, days=120, cap=60),
        does(_("Spoke with us"), Kind.CALL, 10, cap=30),
        does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, days=60, cap=15, group=MAIL),
        does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, per=Per.DAY, days=30, cap=5, group=MAIL),
        does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, per=Per.ONCE, days=None),
        does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -25, per=Per.ONCE, days=None),
        silent(_("No visit for two months"), 60, -10),
    ),
)
