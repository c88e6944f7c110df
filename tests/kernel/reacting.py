"""Events and reactions of the kernel's tests: effects that show when they happen twice."""

import os
import signal
from dataclasses import dataclass

from leadmgmt.kernel import events
from leadmgmt.kernel.events import Event, later, publish
from leads.models import Company

unplayable = {"wrong"}
deadly = "deadly"


@dataclass(frozen=True)
class BellsRung(Event):
    """Somebody rang."""

    tone: str = "low"


@dataclass(frozen=True)
class EchoesHeard(Event):
    """A ring came back."""


def note_bells(event: BellsRung) -> None:
    """One company for each id, named after it; companies without a domain may be many."""
    for each in event.ids:
        Company.objects.create(name=f"bell {each}")


def echo(event: BellsRung) -> None:
    """A later reaction that announces something itself."""
    publish(EchoesHeard(event.ids))


def note_echoes(event: EchoesHeard) -> None:
    """Each echo, once."""
    for each in event.ids:
        Company.objects.create(name=f"echo {each}")


def choke(event: BellsRung) -> None:
    """A wrong tone makes it fail, a deadly one kills its worker; it leaves half of its work."""
    for each in event.ids:
        Company.objects.create(name=f"tune {each}")
    if event.tone == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    if event.tone in unplayable:
        raise ValueError("This tone cannot be \x00 played.")


TABLE: events.Table = {
    BellsRung: [later(note_bells), later(echo), later(choke)],
    EchoesHeard: [later(note_echoes)],
}


def noticed(kind: str) -> list[str]:
    """The ids noted, as often as they were."""
    found = Company.objects.filter(name__startswith=kind).values_list("name", flat=True)
    return sorted(name.removeprefix(f"{kind} ") for name in found)
