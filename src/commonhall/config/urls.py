from django.urls import include, path

from commonhall.meetings.views.pairs import pair
from commonhall.mentorships import urls as mentorships
from commonhall.organisations.views import brand, logo
from commonhall.programmes.views.directory import directory

handler500 = "commonhall.config.edge.server_error"

# The page of one mentorship shows its meetings too, so it belongs to the higher of the two rooms.
MENTORSHIPS = ([path("<int:pk>/", pair, name="detail"), *mentorships.urlpatterns], mentorships.app_name)

urlpatterns = [
    path("brand/<slug:slug>.css", brand, name="brand"),
    path("brand/<slug:slug>/<str:name>", logo, name="logo"),
    path("mentors/", directory, name="mentors"),
    path("", include("commonhall.home.urls")),
    path("", include("commonhall.ui.urls")),
    path("accounts/", include("commonhall.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("organisations/", include("commonhall.organisations.urls")),
    path("people/", include("commonhall.people.urls")),
    path("integrations/", include("commonhall.integrations.urls")),
    path("notifications/", include("commonhall.notifications.urls")),
    path("programmes/", include("commonhall.programmes.urls")),
    path("mentorships/", include(MENTORSHIPS)),
    path("meetings/", include("commonhall.meetings.urls")),
    path("workspace/", include("commonhall.workspace.urls")),
    path("matching/", include("commonhall.matching.urls")),
    path("", include("commonhall.demo.urls")),
    path("my-data/", include("commonhall.privacy.urls")),
    path("", include("commonhall.operations.urls")),
]
