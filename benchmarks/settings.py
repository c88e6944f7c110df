"""The product's own settings, with the reference views beside its pages."""

from leadmgmt.settings import *  # noqa: F403
from leadmgmt.settings import MIDDLEWARE as MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"

# Counted as in production, and never refused.
API_LIMIT = TRACKING_LIMIT = 2**31
