"""Files that are made from others and must be made again when those change."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/*.po"))


@pytest.mark.django_db(databases=["default", "owner"])
def test_models_have_their_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_are_compiled(catalogue: Path) -> None:
    source, compiled = polib.pofile(str(catalogue)), polib.mofile(str(catalogue.with_suffix(".mo")))
    wanted = {entry.msgid: entry.msgstr for entry in source.translated_entries()}
    assert {entry.msgid: entry.msgstr for entry in compiled} == wanted
