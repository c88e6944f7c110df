"""`manage.py demo`: the demo workspace with a year of history."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from leadmgmt.demo.generator import LEADS, SEED, make_demo
from leadmgmt.local.logins import demo_logins
from leadmgmt.workspaces.door import workspaces_of
from leadmgmt.workspaces.models import User


class Command(BaseCommand):
    """Creates it once; with --again, one more beside it."""

    help = "Create the demo workspace with a year of history, unless there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options for those who want another story."""
        parser.add_argument("--again", action="store_true", help="make one even if there is one")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--leads", type=int, default=LEADS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say how long it took."""
        logins = {login.role: (login.email, login.password) for login in demo_logins()}
        admin = User.objects.filter(email=logins["admin"][0]).first()
        if admin and workspaces_of(admin.pk) and not options["again"]:
            self.stdout.write("The demo workspace is there already.")
            return
        began = time.monotonic()
        workspace = make_demo(
            now=timezone.now(), logins=logins, seed=options["seed"], leads=options["leads"]
        )
        took = time.monotonic() - began
        self.stdout.write(f"The workspace “{workspace}” was made in {took:.1f} s.")
