"""Input of the pages of workspaces."""

from functools import cache
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces import currencies
from leadmgmt.workspaces.actions.versions import LONGEST_REASON
from leadmgmt.workspaces.models import Role, Scope, User, Workspace, time_zones


def reason_field(label: Any, *, help_text: Any = "") -> forms.CharField:
    """Why a version changes."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text or _("It stays among the versions, beside your name."),
    )


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    """Cities, and UTC; names without a region are older ways to say the same."""
    names = sorted(name for name in time_zones() if "/" in name)
    cities = [name for name in names if not name.startswith(("Etc/", "SystemV/", "US/"))]
    return [(name, name.replace("_", " ")) for name in ["UTC", *cities]]


def currency_choices() -> list[tuple[str, str]]:
    """In the language of the page."""
    return currencies.choices(get_language() or "en")


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a workspace is called, and how it reads time and money."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        help_text=_("Business hours, days and months of reports are counted in it."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currency_choices,
        help_text=_("Amounts are shown in it; they are not converted."),
    )

    class Meta:
        model = Workspace
        fields = ["name", "time_zone", "currency"]


class NewWorkspaceForm(WorkspaceForm):
    """A new workspace, and what its first member is called there."""

    member_name = forms.CharField(label=_("Your name"), max_length=150)
    field_order = ["name", "member_name", "time_zone", "currency"]


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("Email address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.REP)


class JoinForm(forms.Form):
    """What a member with a login is asked."""

    name = forms.CharField(label=_("Your name"), max_length=150)


class JoinAsNewForm(JoinForm):
    """What somebody without a login is asked."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is easy to remember."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """As strong as at sign-up."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password


class KeyForm(forms.Form):
    """What an integration may do, and until when."""

    label = forms.CharField(
        label=_("Label"), max_length=80, help_text=_("Where the key is used, such as “Web shop”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=Scope, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateTimeField(
        label=_("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: until it is revoked."),
    )
