"""The OpenAPI document, the page that shows it, and what is said where there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from leadmgmt.kernel.problems import problem


class Schema(SpectacularAPIView):
    """`/api/schema/`: YAML, or JSON with `?format=json`."""


class Docs(SpectacularSwaggerSplitView):
    """`/api/docs/`: the document for people; its script has an address, as our CSP wants it."""

    url_name = "api-schema"
    template_name = "integrations/docs.html"


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """An address the API does not have, or one that lacks its last slash."""
    return problem(404, _("There is nothing here; addresses are listed at /api/docs/."))
