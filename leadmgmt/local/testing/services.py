"""The servers and the slot of one test process."""

import os
from contextlib import ExitStack
from pathlib import Path

import redis

from leadmgmt.local.postgres import APP, OWNER, Postgres
from leadmgmt.local.processes import LocalServiceFailed, locked
from leadmgmt.local.redis import DATABASES, Redis

HOME = Path(__file__).resolve().parents[3] / ".local" / "test"
# What a developer may have exported must not reach the tests.
FOREIGN = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "MEDIA_ROOT")


class Services:
    """Servers shared by all test processes of this checkout; the last one to leave stops them."""

    def __init__(self, home: Path = HOME) -> None:
        self.home = home
        self.postgres = Postgres(home / "postgres", durable=False)
        self.redis = Redis(home / "redis", durable=False)
        self.slot = -1
        self._held = ExitStack()

    @property
    def database(self) -> str:
        """Return the name of the database of this process."""
        return f"test_{self.slot}"

    def enter(self) -> None:
        """Start what is not running yet, take a slot, and name both in the environment."""
        with locked(self.home / "changing.lock"):
            self._held.enter_context(locked(self.home / "users.lock", shared=True))
            self.postgres.start(tied=False)
            self.redis.start(tied=False)
            self.slot = self._take_slot()
        self._fill_environment()
        redis.Redis.from_url(self.redis.url(self.slot)).flushdb()

    def leave(self) -> None:
        """Give the slot back; stop the servers when nobody else uses them."""
        with locked(self.home / "changing.lock"):
            self._held.close()
            with locked(self.home / "users.lock", wait=False) as alone:
                if alone is not None:
                    self.postgres.stop()
                    self.redis.stop()

    def _take_slot(self) -> int:
        for number in range(DATABASES):
            attempt = ExitStack()
            if attempt.enter_context(locked(self.home / f"slot-{number}.lock", wait=False)):
                self._held.push(attempt)
                return number
        raise LocalServiceFailed(
            f"More than {DATABASES} test processes at once: no slot is left in {self.home}."
        )

    def _fill_environment(self) -> None:
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ |= {
            "LOCAL": "1",
            "LOCAL_DIR": str(self.home),
            "DATABASE_URL": self.postgres.url(APP, self.database),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, self.database),
            "REDIS_URL": self.redis.url(self.slot),
        }
