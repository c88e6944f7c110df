"""What a condition can speak of: the fields of leads, of their companies, and of activities."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from leads.conditions.operators import Label, ValueKind
from leads.models import Grade, LeadClass, Stage

CUSTOM = "attributes."
COMPANY = "company."
CONSENT = "consent."
COMPANY_TAGS = "company.tags"


class About(StrEnum):
    """What a field is about: the groups it is chosen from."""

    PERSON = "person"
    COMPANY = "company"
    STANDING = "standing"
    SEGMENTS = "segments"
    CONSENT = "consent"
    ACTIVITY = "activity"


ABOUT: Mapping[About, Label] = {
    About.PERSON: _("Person"),
    About.COMPANY: _("Company"),
    About.STANDING: _("Standing"),
    About.ACTIVITY: _("Activity"),
    About.SEGMENTS: _("Tags and segments"),
    About.CONSENT: _("Consent"),
}


class Noun(StrEnum):
    """What an id stands for."""

    MEMBER = "member"
    CAMPAIGN = "campaign"
    COMPANY = "company"
    TAG = "tag"
    SEGMENT = "segment"


@dataclass(frozen=True)
class Field:
    """Something a lead may be asked about; `name` is what stands in the tree.

    `column` where it is kept, when it is called otherwise; `noun` what its ids stand for.
    `lender`: who keeps it beyond the lead database (see `leads.lending`); `unit` stands behind it.
    """

    name: str
    label: Label
    kind: ValueKind
    choices: tuple[tuple[str, Label], ...] = ()
    column: str = ""
    about: About = About.PERSON
    noun: Noun | None = None
    lender: str = ""
    unit: str = ""

    @property
    def is_custom(self) -> bool:
        """It lives in `attributes`, of the lead or of its company."""
        return self.name.removeprefix(COMPANY).startswith(CUSTOM)

    @property
    def is_company(self) -> bool:
        """It is the company's rather than the person's."""
        return self.name.startswith(COMPANY)

    @property
    def key(self) -> str:
        """The last part of its name: of a custom field or a purpose, its key."""
        return self.name.rpartition(".")[2]

    @property
    def stored_in(self) -> str:
        """The column it is kept in."""
        return self.column or self.key


GIVEN, WITHDRAWN, NOT_ASKED = "given", "withdrawn", "not_asked"
ANSWERS = ((GIVEN, _("given")), (WITHDRAWN, _("withdrawn")), (NOT_ASKED, _("not asked")))

FREE, DISPOSABLE, BUSINESS = "free", "disposable", "company"
PROVIDERS = (
    (FREE, _("free mail")),
    (DISPOSABLE, _("throw-away mail")),
    (BUSINESS, _("mail of its own")),
)


def _text(name: str, label: Label, about: About = About.PERSON) -> Field:
    return Field(name, label, ValueKind.TEXT, about=about)


def _member(name: str, label: Label, about: About) -> Field:
    return Field(name, label, ValueKind.REFERENCE, column="owner_id", about=about, noun=Noun.MEMBER)


def _stage(name: str, label: Label, about: About) -> Field:
    return Field(name, label, ValueKind.CHOICE, tuple(Stage.choices), about=about)


CAMPAIGN = Field(
    "campaign", _("campaign"), ValueKind.REFERENCE, column="campaign_id", noun=Noun.CAMPAIGN
)

PERSON: tuple[Field, ...] = (
    _text("name", _("name")),
    _text("email", _("email")),
    Field("email_domain", _("email domain"), ValueKind.TEXT, column="email"),
    Field("email_provider", _("email provider"), ValueKind.CHOICE, PROVIDERS, column="email"),
    _text("phone", _("phone")),
    _text("job_title", _("job title")),
    _text("country", _("country")),
    _text("city", _("city")),
    Field("do_not_email", _("do not email"), ValueKind.YES_NO),
    Field("do_not_call", _("do not call"), ValueKind.YES_NO),
    _text("source", _("source")),
    _text("medium", _("medium")),
    CAMPAIGN,
    Field("first_seen_at", _("first seen"), ValueKind.MOMENT),
    Field("created_at", _("lead since"), ValueKind.MOMENT),
)

STANDING: tuple[Field, ...] = (
    _stage("stage", _("stage"), About.STANDING),
    _stage("highest_stage", _("highest stage"), About.STANDING),
    Field("stage_entered_at", _("in this stage since"), ValueKind.MOMENT, about=About.STANDING),
    Field(
        "days_in_stage",
        _("days in this stage"),
        ValueKind.NUMBER,
        column="stage_entered_at",
        about=About.STANDING,
    ),
    Field("cycle", _("cycle"), ValueKind.NUMBER, about=About.STANDING),
    Field("score", _("score"), ValueKind.NUMBER, about=About.STANDING),
    Field(
        "lead_class",
        _("class"),
        ValueKind.CHOICE,
        tuple(LeadClass.choices),
        about=About.STANDING,
    ),
    Field("grade", _("grade"), ValueKind.CHOICE, tuple(Grade.choices), about=About.STANDING),
    _member("owner", _("owner"), About.STANDING),
    Field("last_activity_at", _("last activity"), ValueKind.MOMENT, about=About.STANDING),
)

THE_COMPANY: tuple[Field, ...] = (
    Field(
        "company",
        _("company"),
        ValueKind.REFERENCE,
        column="company_id",
        about=About.COMPANY,
        noun=Noun.COMPANY,
    ),
    _text("company.name", _("company name"), About.COMPANY),
    _text("company.domain", _("company domain"), About.COMPANY),
    _text("company.industry", _("industry"), About.COMPANY),
    _text("company.country", _("company country"), About.COMPANY),
    _text("company.city", _("company city"), About.COMPANY),
    _text("company.phone", _("company phone"), About.COMPANY),
    _text("company.website", _("company website"), About.COMPANY),
    Field("company.employees", _("employees"), ValueKind.NUMBER, about=About.COMPANY),
    _stage("company.stage", _("company stage"), About.COMPANY),
    Field(
        "company.customer_since",
        _("company customer since"),
        ValueKind.MOMENT,
        about=About.COMPANY,
    ),
    _member("company.owner", _("company owner"), About.COMPANY),
    Field("company.created_at", _("company known since"), ValueKind.MOMENT, about=About.COMPANY),
    Field(COMPANY_TAGS, _("company tags"), ValueKind.TAGS, about=About.COMPANY, noun=Noun.TAG),
)

GROUPS: tuple[Field, ...] = (
    Field("tags", _("tags"), ValueKind.TAGS, about=About.SEGMENTS, noun=Noun.TAG),
    Field("segments", _("segments"), ValueKind.SEGMENTS, about=About.SEGMENTS, noun=Noun.SEGMENT),
)

STANDARD = (*PERSON, *THE_COMPANY, *STANDING, *GROUPS)

OF_ACTIVITY: Mapping[str, Field] = {
    "campaign": CAMPAIGN,
    "source": _text("source", _("source")),
    "medium": _text("medium", _("medium")),
}
"""What an activity knows of itself, beside its properties."""
