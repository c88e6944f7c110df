"""`python -m leadmgmt.local` runs the product; `… with COMMAND` a command beside its servers."""

import sys

from leadmgmt.local.run import main, with_engines

if __name__ == "__main__":
    if sys.argv[1:2] == ["with"]:
        sys.exit(with_engines(sys.argv[2:]))
    sys.exit(main())
