from django.urls import path

from commonhall.operations import views

app_name = "operations"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("setup/", views.first_run, name="first_run"),
    path("system/", views.status, name="status"),
    path("readyz", views.readyz, name="readyz"),
]
