from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.people.models import Profile
from commonhall.programmes import findable
from commonhall.programmes.importing import actions as importing
from commonhall.programmes.models import Enrolment, Import
from commonhall.programmes.queries import shelf


@task
def index_application(event_id: int) -> None:
    """After anything that happened to an application: find it by its new words, or no more."""
    event = Event.objects.get(pk=event_id)
    findable.refresh(Enrolment.objects.filter(pk=event.about_id))


@task
def index_person(event_id: int) -> None:
    """After a profile, a name or a workplace changed: find all of the person's applications anew."""
    about = Event.objects.get(pk=event_id).about
    user = about.user_id if isinstance(about, Profile) else about.pk if about else None
    findable.refresh(Enrolment.objects.filter(user=user))


@task
def count_applications_of(event_id: int) -> None:
    """After it was confirmed where somebody works: count the lists anew in which they wait."""
    for programme in Enrolment.objects.filter(user=Event.objects.get(pk=event_id).about_id).values_list("programme"):
        shelf.forget(*programme)


@task
def check_import(import_id: int) -> None:
    importing.read_and_check(Import.objects.select_related("programme__pool", "by").get(pk=import_id))


@task(attempts=3, given_up="programmes.tasks.give_import_up")
def save_import(import_id: int) -> None:
    importing.go_on_saving(Import.objects.select_related("programme__pool", "by").get(pk=import_id))


@task
def give_import_up(import_id: int) -> None:
    importing.give_up(Import.objects.select_related("programme__pool", "by").get(pk=import_id))
