from django.urls import path

from commonhall.matching.views import pairs, proposals, records, rounds, wishes

app_name = "matching"
urlpatterns = [
    path("programmes/<slug:slug>/", rounds.index, name="rounds"),
    path("rounds/<int:pk>/", rounds.round, name="round"),
    path("rounds/<int:pk>/keep/", rounds.keep, name="keep"),
    path("rounds/<int:pk>/run/", rounds.run, name="run"),
    path("rounds/<int:pk>/news/", rounds.news, name="news"),
    path("rounds/<int:pk>/plans/", rounds.compare, name="compare"),
    path("rounds/<int:pk>/councils/", rounds.councils, name="councils"),
    path("rounds/<int:pk>/publish/", rounds.publish, name="publish"),
    path("rounds/<int:pk>/take-back/", rounds.take_back, name="take_back"),
    path("rounds/<int:pk>/close/", rounds.close, name="close"),
    path("rounds/<int:pk>/answers/", rounds.answers, name="answers"),
    path("rounds/<int:pk>/without/", pairs.without, name="without"),
    path("rounds/<int:pk>/recruiting/", pairs.recruiting, name="recruiting"),
    path("rounds/<int:pk>/drop/", pairs.drop, name="drop"),
    path("rounds/<int:pk>/pairs/<int:mentee>/", pairs.other, name="other"),
    path("rounds/<int:pk>/pairs/<int:mentee>/<int:mentor>/", pairs.pair, name="pair"),
    path("edits/<int:pk>/lift/", pairs.lift, name="lift"),
    path("runs/<int:pk>/", records.repeat, name="runs"),
    path("runs/<int:pk>/record/", records.record, name="record"),
    path("runs/<int:pk>/report/", records.report, name="report"),
    path("runs/<int:pk>/take-up/", pairs.take_up, name="take_up"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/accept/", proposals.accept, name="accept"),
    path("proposals/<int:pk>/decline/", proposals.decline, name="decline"),
    path("proposals/<int:pk>/withdraw/", proposals.withdraw, name="withdraw"),
    path("proposals/<int:pk>/offer/", proposals.offer, name="offer"),
    path("proposals/<int:pk>/next/", proposals.propose, name="propose_next"),
    path("proposals/<int:pk>/others/", wishes.suggestions, name="suggestions"),
    path("shortlist/<slug:slug>/", wishes.shortlist, name="shortlist"),
    path("shortlist/add/<int:enrolment_pk>/", wishes.add, name="add_wish"),
    path("wishes/<int:pk>/", wishes.change, name="change_wish"),
    path("ask/<int:enrolment_pk>/", wishes.ask, name="ask"),
]
