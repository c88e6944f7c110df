"""How large a file of leads may be; what is larger is refused in words."""

import csv
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal

LARGEST_FILE = 512 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
LONGEST_CELL = 80_000  # letters of one cell
LONGEST_LINE = 4_000_000
SMALL_FILE = 4 * 1024 * 1024  # read at once; larger ones by a worker

csv.field_size_limit(LONGEST_CELL)


class CannotReadFile(Refusal):
    """The file is no table we can read; the sentence says what to save it as."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence, field="file")


def refuse_size(size: int) -> None:
    """Refuse what is empty or larger than we read."""
    if size == 0:
        raise CannotReadFile(_("The file is empty."))
    if size > LARGEST_FILE:
        raise CannotReadFile(
            _("The file is larger than %d MB; split it.") % (LARGEST_FILE // 1024 // 1024)
        )
