from django.urls import path

from commonhall.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
]
