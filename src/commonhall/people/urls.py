from django.urls import path

from commonhall.people.views import profile as views
from commonhall.people.views import times

app_name = "people"
urlpatterns = [
    path("me/", views.edit, name="edit"),
    path("me/as-seen/", views.as_seen, name="as_seen"),
    path("me/work/", views.work, name="work"),
    path("me/exchange/", views.exchange, name="exchange"),
    path("me/background/", views.background, name="background"),
    path("me/times/", times.times, name="times"),
    path("me/times/weeks/", times.weeks, name="weeks"),
    path("me/times/weeks/alike/", times.weeks_alike, name="weeks_alike"),
    path("me/times/leave/", times.leave, name="leave"),
    path("me/times/leave/<int:pk>/remove/", times.leave_remove, name="leave_remove"),
    path("me/times/holidays/", times.holidays, name="holidays"),
    path("me/times/around/", times.around, name="around"),
    path("me/photo/", views.photo_edit, name="photo_edit"),
    path("me/photo/remove/", views.photo_remove, name="photo_remove"),
    path("me/listing/", views.listing, name="listing"),
    path("departments/<slug:slug>/", views.departments, name="departments"),
    path("departments/<slug:slug>/<int:pk>/", views.department, name="department"),
    path("departments/<slug:slug>/<int:pk>/remove/", views.department_remove, name="department_remove"),
    path("photos/<str:token>/", views.photo, name="photo"),
]
