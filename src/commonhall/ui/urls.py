from django.conf import settings
from django.urls import path

from commonhall.ui import views

app_name = "ui"
urlpatterns = [
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy-notice/", views.privacy, name="privacy"),
]
if settings.COMMONHALL_DESIGN_PAGE:
    urlpatterns.append(path("design/", views.design, name="design"))
