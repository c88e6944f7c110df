"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadmgmt.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - needs the apps loaded

from leadmgmt.checks import refuse_unsafe_start  # noqa: E402
from leadmgmt.kernel.memory import settle  # noqa: E402

refuse_unsafe_start()
get_resolver().url_patterns  # noqa: B018 - loads every page, before the first is asked for
settle()
