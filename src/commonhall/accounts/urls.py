from django.urls import path

from commonhall.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("devices/", views.sessions, name="sessions"),
    path("devices/others/end/", views.end_other_sessions, name="end_other_sessions"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.remove_passkey, name="remove_passkey"),
    path("devices/<int:pk>/end/", views.end_session, name="end_session"),
]
