"""`python -m leadmgmt.probe`: does the web server on this machine say that it is healthy?

It asks under the name and scheme the site is known by outside, and loads no Django: a container
asks every few seconds.
"""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def is_healthy(port: int, site: str) -> bool:
    """Ask `/health/` on 127.0.0.1 as a proxy in front of `site` would."""
    outside = urlsplit(site)
    server = HTTPConnection("127.0.0.1", port, timeout=3)
    headers = {"Host": outside.netloc, "X-Forwarded-Proto": outside.scheme}
    try:
        server.request("GET", "/health/", headers=headers)
        return server.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    site = os.environ.get("BASE_URL", "http://127.0.0.1")
    sys.exit(not is_healthy(int(os.environ.get("PORT", "8000")), site))
