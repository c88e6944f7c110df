"""The mapping of an earlier file with the same columns is offered again."""

from capture.importing.targets import allowed, is_new, live_fields, purposes
from capture.models import Import


def take_over(made: Import) -> None:
    """Map the columns as the last started import with the same header did, where that still can be.

    Columns we added ourselves (rows left out) are not counted, so that a corrected file of them
    maps by itself.
    """
    earlier = _earlier(made)
    if earlier is None:
        return
    targets = dict(zip(_names(earlier), earlier.mapping, strict=False))
    known = {each for each in allowed(live_fields(), purposes()) if not is_new(each)}
    for number, name in enumerate(_names(made)):
        target = targets.get(name, "")
        if name in targets and target in known:
            made.mapping[number] = target
    made.like_id = earlier.pk
    made.identity, made.known = earlier.identity, earlier.known
    made.unknown_words, made.date_order = earlier.unknown_words, earlier.date_order


def _earlier(made: Import) -> Import | None:
    rows = Import.objects.filter(header_key=made.header_key, started_at__isnull=False)
    found: Import | None = rows.exclude(pk=made.pk).order_by("-started_at").first()
    return found


def _names(found: Import) -> list[str]:
    return [column["header"].lower() for column in found.columns]
