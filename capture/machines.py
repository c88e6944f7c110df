"""Is it a person? A first verdict, from what the browser calls itself."""

import re

# Crawlers, link previews, monitors and libraries; people's browsers say none of these words.
MACHINE_WORDS = re.compile(
    r"bot\b|bot[/;_ -]|crawl|spider|slurp|preview|facebookexternalhit|embedly|whatsapp|"
    r"monitor|pingdom|uptime|lighthouse|headless|phantomjs|selenium|puppeteer|playwright|"
    r"curl|wget|python|httpx|aiohttp|okhttp|java/|go-http|libwww|ruby|perl|axios|node-fetch|"
    r"scan|validator|feedfetcher|archiver|bingpreview|mediapartners|google-inspection|gptbot",
    re.IGNORECASE,
)


def is_machine(user_agent: str) -> bool:
    """Whether this user agent belongs to a program rather than a person's browser.

    No user agent at all is a program too: every browser sends one.
    """
    return not user_agent.strip() or MACHINE_WORDS.search(user_agent) is not None
