from django.urls import path

from commonhall.meetings.views import booking as views
from commonhall.meetings.views import factors, feed, pairs, rooms, savings

app_name = "meetings"
urlpatterns = [
    path("", pairs.my_meetings, name="list"),
    path("calendar/", feed.page, name="calendar"),
    path("calendar/close/", feed.close, name="close_calendar"),
    path("feed/<str:secret>.ics", feed.feed, name="feed"),
    path("of/<slug:slug>/", pairs.pairs, name="pairs"),
    path("with/<int:mentorship_pk>/", views.propose, name="propose"),
    path("hours.csv", savings.hours, name="hours"),
    path("rooms/of-organisation/<slug:slug>/", rooms.of_organisation, name="organisation_room"),
    path("rooms/of-programme/<slug:slug>/", rooms.of_programme, name="programme_room"),
    path("rooms/of-pair/<int:pk>/", rooms.of_pair, name="pair_room"),
    path("savings/", factors.shown, name="factors"),
    path("savings/factors/<slug:country>/", factors.change, name="factors_change"),
    path("savings/factors/<slug:country>/drop/", factors.drop, name="factors_drop"),
    path("savings/of-organisation/<slug:slug>/", savings.of_organisation, name="organisation_savings"),
    path("savings/of-programme/<slug:slug>/", savings.of_programme, name="programme_savings"),
    path("savings/of-pool/<slug:slug>/", savings.of_pool, name="pool_savings"),
    path("<int:pk>/call/", rooms.call, name="call"),
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
