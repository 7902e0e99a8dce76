from django.urls import path

from commonhall.meetings.views import booking as views
from commonhall.meetings.views import feed, pairs

app_name = "meetings"
urlpatterns = [
    path("", pairs.my_meetings, name="list"),
    path("calendar/", feed.page, name="calendar"),
    path("calendar/close/", feed.close, name="close_calendar"),
    path("feed/<str:secret>.ics", feed.feed, name="feed"),
    path("of/<slug:slug>/", pairs.pairs, name="pairs"),
    path("with/<int:mentorship_pk>/", views.propose, name="propose"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/times/", views.times, name="times"),
    path("<int:pk>/keep/", views.keep, name="keep"),
    path("<int:pk>/place/", views.place, name="place"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/log/", views.log, name="log"),
    path("<int:pk>/invitation.ics", views.invitation, name="invitation"),
    path("link/<str:token>/", views.by_link, name="by_link"),
    path("link/<str:token>/accept/", views.link_accept, name="link_accept"),
    path("link/<str:token>/times/", views.link_times, name="link_times"),
    path("link/<str:token>/keep/", views.link_keep, name="link_keep"),
    path("link/<str:token>/cancel/", views.link_cancel, name="link_cancel"),
]
