"""One way to write each value, so that the same person is found again.

Functions here take what people typed and give what we store, or raise `WrongValue` with a
sentence that names the field, the value and what is allowed.
"""

import re
from functools import cache

import phonenumbers
from babel.core import get_global
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
THROW_AWAY_MAIL = frozenset(
    """
    10minutemail.com 20minutemail.com 33mail.com anonaddy.me burnermail.io discard.email
    dispostable.com emailondeck.com fakeinbox.com getairmail.com getnada.com guerrillamail.com
    guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com grr.la
    inboxkitten.com mail-temp.com mailcatch.com maildrop.cc mailinator.com mailnesia.com
    mailnull.com mailsac.com mintemail.com moakt.com mohmal.com mytemp.email sharklasers.com
    spamgourmet.com temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.com
    tempmailo.com tempr.email throwawaymail.com trash-mail.com trashmail.com trashmail.de
    wegwerfmail.de yopmail.com yopmail.fr yopmail.net
    """.split()  # noqa: SIM905
)


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
        raise WrongValue(
            _("“%(value)s” is not an email address: %(why)s") % {"value": text, "why": problem},
            field="email",
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
    """The domain a firm registered, told from an address of one of its people; '' for free mail."""
    domain = email.rpartition("@")[2]
    registered = str(_suffixes().privatesuffix(domain) or "") if domain else ""
    return "" if registered in FREE_MAIL or domain in FREE_MAIL else registered


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
