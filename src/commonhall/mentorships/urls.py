"""The page of one mentorship (`mentorships:detail`) shows its meetings too: `config.urls` takes it from `meetings`."""

from django.urls import path

from commonhall.mentorships import views

app_name = "mentorships"
urlpatterns = [
    path("", views.my_mentorships, name="list"),
    path("<int:pk>/agreement/", views.agreement, name="agreement"),
    path("<int:pk>/agreement/write/", views.write, name="write"),
    path("<int:pk>/agreement/sign/", views.sign, name="sign"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/end/", views.end, name="end"),
]
