"""A sensible first model, for a workspace that has none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.workspaces.models import Member
from leads.kinds import Kind
from scoring.actions.drafting import start_draft
from scoring.actions.publishing import publish_model
from scoring.actions.rules import save_rule
from scoring.actions.words import RuleWords
from scoring.models import ModelVersion, Per, RuleKind

FREE_MAIL = [
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"),
    *("icloud.com", "aol.com", "gmx.net", "gmx.de", "web.de", "mail.ru", "yandex.ru", "ukr.net"),
    *("proton.me", "protonmail.com"),
]
DECIDERS = ("chief", "head", "director", "president", "owner", "founder", "manager")


def start_model(*, by: Member | None, now: datetime) -> ModelVersion:
    """A draft with rules that fit most firms selling to firms.

    A workspace that has a model already gets the draft of its next version instead.
    """
    with transaction.atomic():
        is_first = not ModelVersion.objects.main().exists()
        draft = start_draft(by=by, now=now)
        for words in (*_profile(), *_behaviour()) if is_first else ():
            save_rule(draft, words)
        return draft


def publish_first_model(*, now: datetime) -> None:
    """Put the first model in force, in a workspace that has none: leads are scored from day one.

    Not quiet: whoever came before the first scores were there is promoted like anybody else.
    """
    with transaction.atomic():
        if not ModelVersion.objects.main().exists():
            draft = start_model(by=None, now=now)
            reason = _("How a new workspace begins")
            publish_model(draft, by=None, reason=reason, now=now, is_quiet=False)


def _profile() -> list[RuleWords]:
    rules = (
        (
            _("Decides, or prepares decisions"),
            {"any": [{"field": "job_title", "contains": word} for word in DECIDERS]},
            15,
        ),
        (
            _("Writes from a company address"),
            {"field": "email_domain", "is_none_of": FREE_MAIL},
            5,
        ),
        (
            _("Writes from a free mailbox"),
            {"field": "email_domain", "is_one_of": FREE_MAIL},
            -10,
        ),
        (
            _("Company of 50 people or more"),
            {"field": "company.employees", "is_at_least": 50},
            10,
        ),
        (_("Can be called"), {"field": "phone", "is_known": True}, 5),
    )
    return [RuleWords(name, RuleKind.PROFILE, tree, points) for name, tree, points in rules]


def _behaviour() -> list[RuleWords]:
    silent = {"activity": Kind.VISIT.value, "never": True}
    return [
        _does(_("Sends a form"), Kind.FORM_SUBMITTED, 15, Per.OCCURRENCE, days=90, cap=30),
        _does(_("Looks at prices"), Kind.PAGE_VIEW, 8, Per.DAY, days=30, cap=24, path="/pricing"),
        _does(_("Looks at the demo"), Kind.PAGE_VIEW, 10, Per.DAY, days=30, cap=20, path="/demo"),
        _does(_("Comes to the site"), Kind.VISIT, 2, Per.DAY, days=30, cap=10),
        _does(_("Clicks in an email"), Kind.MESSAGE_CLICKED, 5, Per.OCCURRENCE, days=60, cap=20),
        _does(_("Opens an email"), Kind.MESSAGE_OPENED, 1, Per.DAY, days=30, cap=5),
        _does(_("Met us"), Kind.MEETING, 20, Per.OCCURRENCE, days=90, cap=40),
        _does(_("Email came back"), Kind.MESSAGE_BOUNCED, -20, Per.ONCE),
        _does(_("Unsubscribed"), Kind.UNSUBSCRIBED, -20, Per.ONCE),
        RuleWords(_("No visit for two months"), RuleKind.BEHAVIOUR, silent, -10, Per.ONCE, 60),
    ]


def _does(
    name: str,
    kind: Kind,
    points: int,
    per: Per,
    *,
    days: int | None = None,
    cap: int | None = None,
    path: str = "",
) -> RuleWords:
    where = [{"property": "path", "contains": path}] if path else []
    condition = {"activity": kind.value, "where": where}
    return RuleWords(name, RuleKind.BEHAVIOUR, condition, points, per, days, cap)
