"""Links that tell which campaign brought a visitor."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from leads.models import Campaign, Channel

EXAMPLE = "https://www.example.com/"
LONGEST = 2_000

# What other tools expect in utm_source and utm_medium for each channel.
MARKS = {
    Channel.SEO: ("google", "organic"),
    Channel.CONTENT: ("blog", "content"),
    Channel.SOCIAL: ("linkedin", "social"),
    Channel.NEWSLETTER: ("newsletter", "email"),
    Channel.WEBINAR: ("webinar", "event"),
    Channel.PAID_SEARCH: ("google", "cpc"),
    Channel.ADS: ("ads", "display"),
    Channel.EMAIL: ("prospecting", "email"),
    Channel.COLD_CALL: ("call", "phone"),
    Channel.FILE: ("file", "email"),
    Channel.FAIR: ("fair", "event"),
    Channel.REFERRAL: ("partner", "referral"),
    Channel.OTHER: ("other", "other"),
}


def tracking_link(campaign: Campaign, page: str = "") -> str:
    """The address of `page` with the marks of `campaign`; an example page when there is none."""
    address = page.strip()[:LONGEST]
    if "://" not in address:
        address = f"https://{address}" if address else EXAMPLE
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit(EXAMPLE)
    source, medium = MARKS[Channel(campaign.channel)]
    marks = urlencode({"utm_source": source, "utm_medium": medium, "utm_campaign": campaign.key})
    query = f"{parts.query}&{marks}" if parts.query else marks
    return urlunsplit(parts._replace(query=query, path=parts.path or "/"))
