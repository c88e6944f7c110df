"""One way to write each value, so that the same person is found again.

Functions here take what people typed and give what we store, or raise `WrongValue` with a
sentence that names the field, the value and what is allowed.
"""

import re
from functools import cache

import phonenumbers
from babel.core import get_global
from disposable_email_domains import blocklist
from django.utils.translation import gettext as _
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.models import Workspace

FEWEST_DIGITS = 5

# Addresses about which email_validator has nothing to say but yes; it decides on all others.
PLAIN_ADDRESS = re.compile(
    r"(?=.{1,254}$)(?=[^@]{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.IGNORECASE | re.ASCII,
)
SPECIAL = {name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES}

# Providers where anybody gets an address: it says nothing about where a person works.
FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de
    live.com live.co.uk msn.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.fr yahoo.de yahoo.gr
    ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me
    gmx.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de mail.com email.com zoho.com
    zohomail.com fastmail.com hey.com tutanota.com tuta.io hushmail.com orange.fr wanadoo.fr
    laposte.net free.fr sfr.fr libero.it virgilio.it tiscali.it alice.it terra.es telefonica.net
    uol.com.br bol.com.br rediffmail.com qq.com 163.com 126.com sina.com naver.com daum.net
    mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net
    i.ua meta.ua bigmir.net abv.bg seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl
    freemail.hu otenet.gr in.gr windowslive.com bigpond.com comcast.net verizon.net att.net
    sbcglobal.net btinternet.com
    """.split()  # noqa: SIM905  # a hundred quotation marks help nobody
)

# Addresses made to be thrown away: they say nothing about anybody.
THROW_AWAY_MAIL = frozenset(blocklist) | {
    *("33mail.com", "anonaddy.me", "burnermail.io", "mail-temp.com", "spamgourmet.com"),
    *("temp-mail.io", "tempmail.com"),
}
NO_FIRM = FREE_MAIL | THROW_AWAY_MAIL


class WrongValue(Refusal):
    """A value that cannot be what its field wants."""


def plain_text(value: str, *, field: str, most: int) -> str:
    """One line without surplus spaces, at most `most` characters."""
    refuse_unfit_text(value, field=field)
    text = " ".join(value.split())
    if len(text) > most:
        raise WrongValue(
            _("“%(start)s…” has %(length)d characters; %(field)s takes at most %(most)d.")
            % {"start": text[:30], "length": len(text), "field": field, "most": most},
            field=field,
        )
    return text


def plain_lines(value: str, *, field: str, most: int) -> str:
    """Several lines without blank ones around them, at most `most` characters."""
    refuse_unfit_text(value, field=field)
    text = value.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise WrongValue(
            _("The text has %(length)d characters; at most %(most)d are kept.")
            % {"length": len(text), "most": most},
            field=field,
        )
    return text


def email_address(value: str) -> str:
    """An address in lower case, its domain in readable letters; '' stays ''."""
    text = plain_text(value, field="email", most=320)
    if not text:
        return ""
    if PLAIN_ADDRESS.fullmatch(text) and text.rpartition(".")[2].lower() not in SPECIAL:
        return text.lower()  # what nearly all are; a full look takes 100 µs
    try:
        # Domains reserved for tests are as harmless as any other domain nobody answers at.
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as problem:
        why = str(problem)
        told = {"value": text, "why": why[:1].lower() + why[1:]}
        raise WrongValue(
            _("“%(value)s” is not an email address: %(why)s") % told, field="email"
        ) from problem
    return found.normalized.lower()


def phone_number(value: str, *, region: str | None) -> str:
    """A number in E.164; as typed when it is local and we cannot tell the country; '' stays ''."""
    text = plain_text(value, field="phone", most=40)
    if not text:
        return ""
    if sum(character.isdigit() for character in text) < FEWEST_DIGITS:
        raise WrongValue(
            _("“%s” is not a phone number; write it like +30 210 1234567.") % text, field="phone"
        )
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(number):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def default_region() -> str | None:
    """The country whose local phone numbers the workspace writes, told from its time zone."""
    zone = Workspace.objects.values_list("time_zone", flat=True).get(id=current_workspace_id())
    region = get_global("zone_territories").get(zone)
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


def company_domain(email: str) -> str:
    """The domain a firm registered, told from an address of one of its people.

    '' for free mail and for addresses made to be thrown away.
    """
    domain = email.rpartition("@")[2]
    registered = str(_suffixes().privatesuffix(domain) or "") if domain else ""
    return "" if {registered, domain} & NO_FIRM else registered


def registered_domain(value: str) -> str:
    """The domain a firm registered, from what people write: an address of the web, an email."""
    text = plain_text(value, field="domain", most=300).lower()
    host = re.split(r"[/?#:]", text.rpartition("://")[2].rpartition("@")[2])[0].strip(".")
    if not text:
        return ""
    registered = str(_suffixes().privatesuffix(host) or "")
    if not registered or not PLAIN_ADDRESS.fullmatch(f"x@{registered}"):
        sentence = _("“%s” is not a domain; write it like example.com.")
        raise WrongValue(sentence % text, field="domain")
    if registered in NO_FIRM:
        sentence = _("“%s” gives addresses to anybody, so it cannot tell a company.")
        raise WrongValue(sentence % registered, field="domain")
    return registered


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
