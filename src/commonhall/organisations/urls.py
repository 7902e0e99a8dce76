from django.urls import path

from commonhall.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.listing, name="list"),
    path("add/", views.add, name="add"),
    path("roles/", views.roles, name="roles"),
    path("roles/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("pools/add/", views.pool_add, name="pool_add"),
    path("pools/<slug:slug>/", views.pool, name="pool"),
    path("pools/<slug:slug>/change/", views.pool_change, name="pool_change"),
    path("pools/<slug:slug>/members/<int:pk>/", views.member, name="member"),
    path("pools/<slug:slug>/members/<int:pk>/remove/", views.member_remove, name="member_remove"),
    path("<str:kind>/<slug:slug>/staff/", views.staff, name="staff"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/change/", views.change, name="change"),
    path("<slug:slug>/logo/", views.logo_edit, name="logo_edit"),
    path("<slug:slug>/logo/remove/", views.logo_remove, name="logo_remove"),
    path("<slug:slug>/quiet/", views.quiet, name="quiet"),
    path("<slug:slug>/quiet/<int:pk>/remove/", views.quiet_remove, name="quiet_remove"),
    path("<slug:slug>/holidays/", views.holiday_region, name="holiday_region"),
    path("<slug:slug>/people/<int:pk>/confirm/", views.confirm, name="confirm"),
]
