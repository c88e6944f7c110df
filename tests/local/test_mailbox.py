"""The mailbox page, on messages kept by the catcher's own handler."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from django.test import Client
from pytest_django import Settings

from leadmgmt.local.catcher import Keeper

LETTER = """\
From: Acme <no-reply@acme.example>
To: Lena <lena@example.org>
Subject: Your demo <b>
List-Unsubscribe: <http://127.0.0.1:8000/u/token>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="next"

--next
Content-Type: text/plain; charset=utf-8

Grüße, see https://acme.example/text.
--next
Content-Type: text/html; charset=utf-8

<p>Grüße <a href="https://acme.example/demo?a=1&amp;b=2">book</a><script>alert(1)</script></p>
--next--
"""


@pytest.fixture
def mail(tmp_path: Path, settings: Settings) -> Path:
    """An empty mailbox."""
    settings.LOCAL_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


def kept(mail: Path, text: str = LETTER) -> str:
    envelope = Envelope()
    envelope.mail_from, envelope.rcpt_tos = "bounce@acme.example", ["lena@example.org"]
    envelope.content = text.encode()
    asyncio.run(Keeper(mail).handle_DATA(None, None, envelope))  # type: ignore[arg-type]
    return max(path.stem for path in mail.glob("*.eml"))


def test_an_empty_mailbox_says_how_to_fill_it(mail: Path) -> None:
    page = Client().get("/mail/").content.decode()
    assert "No messages yet" in page


def test_the_newest_message_is_listed_first(mail: Path) -> None:
    kept(mail, "Subject: Older\n\nText")
    kept(mail, "Subject: Newer\n\nText")
    page = Client().get("/mail/").content.decode()
    assert page.index("Newer") < page.index("Older")


def test_a_message_shows_headers_text_and_links(mail: Path) -> None:
    page = Client().get(f"/mail/{kept(mail)}/").content.decode()
    assert "Your demo &lt;b&gt;" in page
    assert "bounce@acme.example" in page
    assert "Grüße, see" in page
    for link in ("acme.example/demo?a=1&amp;b=2", "acme.example/text", "127.0.0.1:8000/u/token"):
        assert f'{link}"' in page or f"{link}." in page


def test_a_message_runs_nothing_and_only_we_may_frame_it(mail: Path) -> None:
    answer = Client().get(f"/mail/{kept(mail)}/html/")
    rules = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "script-src" not in rules
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in rules
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_message_is_not_found(mail: Path) -> None:
    assert Client().get("/mail/nothing/").status_code == 404
