"""Every template holds the content security policy and compiles."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(file.relative_to(ROOT)) for file in ROOT.rglob("*.html"))

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an asset of another host": re.compile(
        r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_clean_and_compiles(name: str) -> None:
    source = re.sub(r"{#.*?#}", "", (ROOT / name).read_text())
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(source)]
    assert not found, f"{name} has {found[0]}"
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_dialog_is_opened_by_a_link_that_works_without_scripts(name: str) -> None:
    opened = set(re.findall(r"\sdata-opens=\"([^\"]+)\"", (ROOT / name).read_text()))
    assert opened <= {"shortcuts"}, f"{name}: without scripts nothing opens them"
