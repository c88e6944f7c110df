"""Every address of the product; `access/` beside it says who may open which."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from leadmgmt import home, setup
from leadmgmt.health import health
from leadmgmt.workspaces.views import entrance

handler400 = "leadmgmt.ui.views.bad_request"
handler403 = "leadmgmt.ui.views.forbidden"
handler404 = "leadmgmt.ui.views.not_found"
handler500 = "leadmgmt.ui.views.failed"

workspace_pages: list[URLPattern | URLResolver] = [
    path("", include("leads.urls")),
    path("sequences/", include("nurturing.urls")),
    path("", include("capture.urls")),
    path("sla/", include("sla.urls")),
    path("scoring/", include("scoring.urls")),
    path("", include("funnel.urls")),
    path("", home.workspace_home, name="workspace_home"),
    path("setup/", setup.setup, name="setup"),
    path("setup/agree/", setup.setup_agree, name="setup_agree"),
    path("", include("leadmgmt.workspaces.urls")),
    path("reports/", include("reports.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("health/", health, name="health"),
    path("workspaces/", entrance.choose_workspace, name="choose_workspace"),
    path("workspaces/new/", entrance.new_workspace, name="create_workspace"),
    path("invitation/<str:secret>/", entrance.accept, name="accept_invitation"),
    path("accounts/", include("allauth.urls")),
    path("ui/", include("leadmgmt.ui.urls")),
    path("", include("capture.public_urls")),
    path("", include("nurturing.public_urls")),
    path("", include("funnel.public_urls")),
    path("api/", include("integrations.urls")),
    path("w/<slug:workspace_slug>/", include(workspace_pages)),
]

if settings.LOCAL:
    urlpatterns.append(path("mail/", include("leadmgmt.local.urls")))
