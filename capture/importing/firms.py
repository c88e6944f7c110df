"""What a row says about the company somebody works for."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from capture.importing.values import Manner, WrongCell, as_count, as_link
from leads.normalising import company_domain, phone_number, plain_text

LONGEST = {
    "company_name": 200,
    "company_industry": 100,
    "company_country": 100,
    "company_city": 100,
}


def firm_reader(target: str, manner: Manner) -> Callable[[str], Any]:
    """How the cells of a column about the company are read."""
    if target in LONGEST:
        return partial(plain_text, field=target, most=LONGEST[target])
    if target == "company_phone":
        return partial(phone_number, region=None)
    if target == "company_employees":
        return lambda text: as_count(text, manner)
    return as_domain if target == "company_domain" else _website


def as_domain(text: str) -> str:
    """`https://www.firm.example/about` or `firm.example` → the domain the firm registered."""
    domain = company_domain(f"@{_host(text)}")
    if not domain:
        raise WrongCell(_("is not a company's domain such as firm.example"))
    return domain


def domain_of_website(website: str, *, email: str) -> str:
    """The domain a website tells where the email tells none; "" for pages on somebody else's."""
    if not website or company_domain(email):
        return ""
    return company_domain(f"@{_host(website)}")


def _website(text: str) -> str:
    link = as_link(text)
    if len(link) > 300:
        raise WrongCell(_("is longer than %d characters") % 300)
    return link


def _host(text: str) -> str:
    try:
        return (urlsplit(text if "://" in text else f"https://{text}").hostname or "").lower()
    except ValueError:
        return ""
