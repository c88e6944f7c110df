"""Reading what the tracking script sends: strict, and with a sentence for whoever sent nonsense.

The body comes from the open internet. Whatever is wrong with it ends here, as CannotRead.
"""

from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal

LARGEST_BODY = 64 * 1024
MOST_EVENTS = 50
LONGEST_ADDRESS = 2_000
OLDEST = 7 * 24 * 3_600  # seconds an event may have waited in the browser
LONGEST_STAY = 12 * 3_600

Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-z]{16,40}(:[0-9]{1,6})?\Z")]
Token = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Address = Annotated[str, msgspec.Meta(max_length=LONGEST_ADDRESS)]


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a visitor did. `age` is how many seconds ago: a browser's clock may be wrong."""

    kind: Literal["visit", "page_view", "page_left"]
    key: Key
    url: Address
    title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    referrer: Address = ""
    age: Annotated[float, msgspec.Meta(ge=0, le=OLDEST)] = 0
    seconds: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_STAY)] = 0


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one browser sends at once."""

    visitor: Token
    events: Annotated[list[Happening], msgspec.Meta(min_length=1, max_length=MOST_EVENTS)]


class CannotRead(Refusal):
    """The body is not what the tracking script would send."""

    status = 400


class TooLarge(CannotRead):
    """The body is larger than anything the tracking script would send."""

    status = 413


_decoder = msgspec.json.Decoder(Batch)


def read_batch(body: bytes) -> Batch:
    """The batch in `body`; raises CannotRead."""
    if len(body) > LARGEST_BODY:
        raise TooLarge(_("A batch of events may have 64 kB at most."))
    try:
        batch = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as problem:
        raise CannotRead(
            _("The events cannot be read: %(why)s") % {"why": str(problem)[:200]}
        ) from None
    return checked(batch)


def read_pixel(visitor: str, url: str, referrer: str, key: str) -> Batch:
    """The batch a tracking pixel stands for: one page view, in a visit per half hour."""
    fields: dict[str, Any] = {"url": url[:LONGEST_ADDRESS], "referrer": referrer[:LONGEST_ADDRESS]}
    events = [
        {"kind": kind, "key": f"{prefix}{key}", **fields}
        for kind, prefix in (("visit", "v"), ("page_view", "p"))
    ]
    try:
        return checked(msgspec.convert({"visitor": visitor, "events": events}, Batch))
    except msgspec.ValidationError as problem:
        raise CannotRead(_("The pixel cannot be read: %(why)s") % {"why": problem}) from None


def checked(batch: Batch) -> Batch:
    """`batch`, if PostgreSQL can store its texts; the decoder has refused surrogates already."""
    for event in batch.events:
        if "\x00" in event.url + event.title + event.referrer:
            raise CannotRead(_("The events hold the NUL character, which no text may hold."))
    return batch
