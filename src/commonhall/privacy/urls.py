from django.urls import path

from commonhall.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("download/", views.download, name="download"),
]
