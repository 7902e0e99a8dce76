from django.urls import path

from commonhall.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.cast, name="cast"),
    path("demo/sign-in/<slug:key>/", views.sign_in, name="sign_in"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.letter, name="letter"),
    path("outbox/<int:pk>/html/", views.letter_html, name="letter_html"),
    path("outbox/<int:pk>/parts/<int:number>/", views.part, name="part"),
]
