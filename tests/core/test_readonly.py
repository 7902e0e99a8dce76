"""A page that reads cannot write."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from commonhall.accounts.models import User
from commonhall.core.readonly import ReadOnlyGet, WroteOnGet
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def writes(request):
    UserFactory(name="Made by looking")
    return HttpResponse()


def reads(request):
    return HttpResponse(str(User.objects.count()))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_view_that_writes_while_it_is_looked_at_is_stopped(method):
    with pytest.raises(WroteOnGet, match="INSERT"), transaction.atomic():
        ReadOnlyGet(writes)(getattr(RequestFactory(), method)("/programmes/"))
    assert not User.objects.exists()


def test_a_view_may_write_when_something_is_sent():
    ReadOnlyGet(writes)(RequestFactory().post("/programmes/"))
    assert User.objects.count() == 1


def test_a_view_may_read():
    assert ReadOnlyGet(reads)(RequestFactory().get("/")).content == b"0"


def test_the_readiness_probe_may_write():
    ReadOnlyGet(writes)(RequestFactory().get("/readyz"))
    assert User.objects.exists()


def test_an_operator_may_leave_the_check_out(settings):
    settings.READ_ONLY_GET = False
    ReadOnlyGet(writes)(RequestFactory().get("/"))
    assert User.objects.exists()


@pytest.mark.parametrize("sql", ["UPDATE accounts_user SET name = ''", "delete from accounts_user", "  INSERT INTO x"])
def test_every_kind_of_writing_is_meant(sql):
    def writes_directly(request):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(WroteOnGet):
        ReadOnlyGet(writes_directly)(RequestFactory().get("/"))
