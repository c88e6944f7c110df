"""Source and medium of a visit, read off its landing address and referrer."""

import pytest

from capture.touches import touch_of

SITE = "https://acme.example/pricing"


@pytest.mark.parametrize(
    ("url", "referrer", "source", "medium"),
    [
        (SITE, "", "direct", "none"),
        (SITE, "https://www.acme.example/", "direct", "none"),
        (SITE, "https://www.google.de/search", "google", "organic"),
        (SITE, "https://duckduckgo.com/", "duckduckgo", "organic"),
        (SITE, "https://l.facebook.com/l.php", "facebook", "social"),
        (SITE, "https://t.co/abc", "twitter", "social"),
        (SITE, "https://t.me/abc", "t.me", "referral"),
        (SITE, "https://www.linkedin.com/feed", "linkedin", "social"),
        (SITE, "https://news.partner.example/a", "news.partner.example", "referral"),
        (SITE + "?gclid=x", "https://www.google.com/", "google", "cpc"),
        (SITE + "?utm_source=News&utm_medium=Email&gclid=x", "", "news", "email"),
        (SITE + "?utm_campaign=spring", "https://bing.com/", "bing", "organic"),
        ("http://[half", "http://[half", "direct", "none"),
        (SITE + "?" + "&".join(["a=b"] * 500), "", "direct", "none"),
    ],
)
def test_a_visit_says_where_it_came_from(url: str, referrer: str, source: str, medium: str) -> None:
    touch = touch_of(url, referrer)
    assert (touch.source, touch.medium) == (source, medium)


def test_marks_are_kept_and_cut_to_length() -> None:
    touch = touch_of(SITE + "?utm_campaign=spring&gclid=" + "x" * 500)
    assert touch.campaign_key == "spring"
    assert touch.marks == {"utm_campaign": "spring", "gclid": "x" * 100}
