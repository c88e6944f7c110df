"""Where a visit came from: source, medium and campaign, read off its landing address.

What the link says of itself (utm_…) wins over click ids, those over the referring page.
"""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

LONGEST = 100  # characters of a source, a medium or a campaign's key

SEARCH_ENGINES = {
    "google": "google",
    "bing": "bing",
    "yahoo": "yahoo",
    "duckduckgo": "duckduckgo",
    "yandex": "yandex",
    "ya": "yandex",
    "baidu": "baidu",
    "ecosia": "ecosia",
    "qwant": "qwant",
    "startpage": "startpage",
    "seznam": "seznam",
    "naver": "naver",
    "perplexity": "perplexity",
}
SOCIAL_NETWORKS = {
    "facebook": "facebook",
    "fb": "facebook",
    "instagram": "instagram",
    "linkedin": "linkedin",
    "lnkd": "linkedin",
    "twitter": "twitter",
    "x": "twitter",
    "t": "twitter",  # t.co
    "youtube": "youtube",
    "youtu": "youtube",
    "tiktok": "tiktok",
    "pinterest": "pinterest",
    "reddit": "reddit",
    "vk": "vk",
    "telegram": "telegram",
    "whatsapp": "whatsapp",
    "bsky": "bluesky",
    "mastodon": "mastodon",
    "threads": "threads",
    "xing": "xing",
}
CLICK_IDS = {  # parameter → source and medium of the ad network that adds it
    "gclid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "fbclid": ("facebook", "social"),
    "li_fat_id": ("linkedin", "cpc"),
    "ttclid": ("tiktok", "cpc"),
}
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
DIRECT = ("direct", "none")


@dataclass(frozen=True)
class Touch:
    """What brought somebody here; `marks` are the utm parameters and click ids as they came."""

    source: str
    medium: str
    campaign_key: str = ""
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Nothing tells us where from."""
        return (self.source, self.medium) == DIRECT


def touch_of(url: str, referrer: str = "") -> Touch:
    """Source, medium and campaign of a visit that landed on `url` from `referrer`."""
    landing = split_safely(url)
    marks = _marks(landing.query)
    source, medium = _said(marks) or _clicked(marks) or _referred(landing, split_safely(referrer))
    return Touch(source, medium, marks.get("utm_campaign", ""), marks)


def split_safely(url: str) -> SplitResult:
    """`urlsplit`, but a malformed address has no parts instead of raising."""
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port  # malformed ones raise only when asked
    except ValueError:
        return urlsplit("")
    return parts


def _marks(query: str) -> dict[str, str]:
    try:
        found = parse_qs(query, max_num_fields=100)
    except ValueError:
        return {}
    names = (*UTM, *CLICK_IDS)
    return {name: found[name][0].strip()[:LONGEST] for name in names if name in found}


def _said(marks: dict[str, str]) -> tuple[str, str] | None:
    source = marks.get("utm_source", "").lower()
    return (source, marks.get("utm_medium", "").lower()) if source else None


def _clicked(marks: dict[str, str]) -> tuple[str, str] | None:
    return next((found for name, found in CLICK_IDS.items() if name in marks), None)


def _referred(landing: SplitResult, referrer: SplitResult) -> tuple[str, str]:
    host = (referrer.hostname or "").removeprefix("www.")[:LONGEST]
    if not host or host == (landing.hostname or "").removeprefix("www."):
        return DIRECT
    for part in host.split(".")[:-1]:  # the last part is a top-level domain
        if part in SEARCH_ENGINES:
            return SEARCH_ENGINES[part], "organic"
    if _is_social(host):
        return SOCIAL_NETWORKS[_site_name(host)], "social"
    return host, "referral"


def _site_name(host: str) -> str:
    parts = host.split(".")
    return parts[-2] if len(parts) > 1 else host


def _is_social(host: str) -> bool:
    name = _site_name(host)
    if name == "t":
        return host.endswith("t.co")
    return name in SOCIAL_NETWORKS
