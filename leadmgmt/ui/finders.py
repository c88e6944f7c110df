"""Browser packages that npm fetched by lock file: only the listed files become public."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage

# Public prefix, package, files (patterns). A source map is listed because hashed storage refuses
# a missing one.
PACKAGE_FILES = (
    ("vendor/tabler/", "@tabler/core/dist/css", ("tabler.min.css", "tabler.min.css.map")),
    (
        "vendor/inter/",
        "@fontsource-variable/inter",
        ("index.css", "files/inter-*-wght-normal.woff2"),
    ),
)


class PackageFinder(BaseFinder):
    """Serves PACKAGE_FILES of `node_modules`, and nothing else of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        if self.root.is_dir():
            return []
        return [
            Warning(
                "Browser assets are missing.", hint="Run `npm ci --ignore-scripts`.", id="ui.W001"
            )
        ]

    def find(self, path: str, find_all: bool = False) -> Any:
        found = [str(self.root / source) for source, public in self._files() if public == path]
        if find_all:
            return found
        return found[0] if found else []

    def _files(self) -> Iterator[tuple[str, str]]:
        for prefix, package, patterns in PACKAGE_FILES:
            for name in self._names(package, patterns):
                yield f"{package}/{name}", f"{prefix}{name}"

    def _names(self, package: str, patterns: Iterable[str]) -> list[str]:
        folder = self.root / package
        return [
            str(file.relative_to(folder))
            for pattern in patterns
            for file in sorted(folder.glob(pattern))
        ]

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for prefix, package, patterns in PACKAGE_FILES:
            storage = FileSystemStorage(location=self.root / package)
            storage.prefix = prefix  # type: ignore[attr-defined]  # collectstatic and runserver read it
            for name in self._names(package, patterns):
                yield name, storage
