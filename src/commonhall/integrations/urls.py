from django.urls import path

from commonhall.integrations import views

app_name = "integrations"
urlpatterns = [
    path("calendars/", views.calendars, name="calendars"),
    path("calendars/add/", views.add, name="add"),
    path("calendars/connect/", views.connect, name="connect"),
    path("calendars/connect/choose/", views.choose, name="choose"),
    path("calendars/<int:pk>/", views.edit, name="edit"),
    path("calendars/<int:pk>/check/", views.check, name="check"),
    path("calendars/<int:pk>/remove/", views.remove, name="remove"),
]
