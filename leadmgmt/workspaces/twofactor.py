"""Two-factor login in our words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _


class TwoFactorAdapter(DefaultMFAAdapter):
    """As allauth's; a wrong code is told with what to do next."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right; enter the six digits the app shows now.")
    }
