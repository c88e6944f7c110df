"""Currencies in use today, by ISO code."""

from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies


@cache
def codes() -> frozenset[str]:
    """Every code that is legal tender somewhere today."""
    territories = get_global("territory_currencies")
    return frozenset(code for each in territories for code in get_territory_currencies(each))


@cache
def choices(language: str) -> list[tuple[str, str]]:
    """Code and name in a language, by code."""
    locale = Locale.parse(language, sep="-")
    return [
        (code, f"{code} – {get_currency_name(code, locale=locale)}") for code in sorted(codes())
    ]
