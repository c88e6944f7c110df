"""The main path as one person walks it in a real browser: from an empty workspace to a customer.

The worker's part is done in process by `drain`; everything else goes through the pages.
"""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from leadmgmt.kernel.drain import drain
from tests.builders import a_user

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
VISITOR = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
ANSWERS = {
    "name": "Dora Decider",
    "email": "dora@bigfirm.example",
    "phone": "+49 30 901820",
    "company_name": "Bigfirm",
    "job_title": "Head of Operations",
}
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="No Chromium was found on this machine."),
    pytest.mark.timeout(180),
]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread; the database is used between its calls, not inside.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()
        connections.close_all()  # those opened beside the loop are not seen once it is gone


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address under which the pages, and the tags they hand out, are served."""
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def nora(browser: Browser, site: str, settings: Any) -> Page:
    """A page of somebody who is logged in and has no workspace yet."""
    client = Client()
    client.force_login(a_user(), backend="leadmgmt.workspaces.logins.PasswordBackend")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def test_from_an_empty_workspace_to_a_customer(nora: Page, browser: Browser, site: str) -> None:
    home = make_workspace(nora)
    drain()
    make_form(nora, home)
    visitor = browser.new_context(user_agent=VISITOR, base_url=site).new_page()
    visit_and_ask(visitor, sample_site(nora, home))
    drain()
    see_the_mql(nora, home)
    qualify(nora, home)
    sell(nora)
    drain()
    enter_cost(nora, home)
    see_the_figures(nora, home)


def make_workspace(page: Page) -> str:
    page.goto("/")
    page.fill("[name=name]", "Newco")
    page.fill("[name=member_name]", "Nora Newcomer")
    page.click("text=Create workspace")
    expect(page.locator("h1")).to_have_text("Set-up")
    return page.url.removesuffix("setup/")


def make_form(page: Page, home: str) -> None:
    page.goto(home + "forms/new/")
    page.get_by_label("Name", exact=True).last.fill("Talk to us")
    for order, question in enumerate(ANSWERS, start=1):
        page.fill(f"[name=q-{question}-order]", str(order))
    page.click("text=Save form")
    expect(page.locator("h1")).to_contain_text("Talk to us")


def sample_site(page: Page, home: str) -> str:
    page.goto(home + "tracking/")
    address = page.get_by_text("Try on the sample site").get_attribute("href")
    assert address is not None
    return address


def visit_and_ask(visitor: Page, sample: str) -> None:
    """A visit with a source, a look at the prices, and only then a form with a name."""
    with visitor.expect_response(lambda each: "/events" in each.url):
        visitor.goto(sample + "?utm_source=google&utm_medium=cpc")
    with visitor.expect_response(lambda each: "/events" in each.url):
        visitor.click("nav >> text=Pricing")
    frame = visitor.frame_locator("iframe")
    for question, answer in ANSWERS.items():
        frame.locator(f"[name={question}]").fill(answer)
    visitor.wait_for_timeout(2_500)  # answers in less than two seconds are taken for a program's
    frame.get_by_role("button").click()
    expect(frame.get_by_text("Thank you")).to_be_visible()


def see_the_mql(page: Page, home: str) -> None:
    page.goto(home + "leads/")
    page.click("text=Dora Decider")
    expect(page.locator("h1")).to_contain_text("MQL")
    expect(page.locator("main")).to_contain_text("Came to the site")
    expect(page.locator("main")).to_contain_text("Looks at prices")


def qualify(page: Page, home: str) -> None:
    page.goto(home + "queue/")
    page.click("text=Claim next")
    page.fill("[name=note]", "Wants a demo.")
    page.click("text=Reached by phone")
    expect(page.locator("main")).to_contain_text("Call: reached")
    for part in page.locator(".bant-part").all():
        part.locator("[value=yes]").dispatch_event("click")
    page.fill("[name=spoken_to]", "Dora Decider")
    page.locator("[name=is_authorised]").dispatch_event("click")
    page.locator("button[value=positive]").dispatch_event("click")
    expect(page.locator("main")).to_contain_text("Moved from MQL to SQL")


def sell(page: Page) -> None:
    page.click("text=Open a deal")
    page.fill("[name=name]", "Licence for twenty")
    page.fill("[name=amount]", "12000")
    page.fill("[name=margin]", "7000")
    page.click("main button.btn-primary")
    expect(page.locator("h1")).to_contain_text("Licence for twenty")
    page.click("text=Close as won")
    page.click("main button.btn-primary")


def enter_cost(page: Page, home: str) -> None:
    today = timezone.now().date().isoformat()
    page.goto(home + "reports/costs/#add")
    page.fill("#add [name=amount]", "500")
    page.fill("#add [name=starts_on]", today)
    page.fill("#add [name=ends_on]", today)
    page.click("#add button.btn-primary")


def see_the_figures(page: Page, home: str) -> None:
    page.goto(home + "reports/")
    figures = {"New customers": "1", "CPL, cost per lead": "500", "Revenue": "12,000"}
    for label, value in figures.items():
        expect(tile_value(page, label)).to_contain_text(value)
    tile_value(page, "New customers").locator("a").click()
    expect(page.locator("main")).to_contain_text("Dora Decider")


def tile_value(page: Page, label: str) -> Locator:
    return page.locator(".tile", has_text=re.compile(rf"^\s*{label}")).locator(".tile-value")
