"""The same rows, seen by a second, smaller project: it makes no tables of its own."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)

    last_login = None
    USERNAME_FIELD = "email"

    class Meta:
        managed = False
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    user = models.OneToOneField(Person, on_delete=models.CASCADE)
    job_title = models.CharField(max_length=150)
    service_area = models.CharField(max_length=40)
    can_help = models.TextField()
    listed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "people_profile"

    def __str__(self) -> str:
        return self.job_title


class Organisation(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "organisations_organisation"

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    name = models.CharField(max_length=150)
    slug = models.SlugField(unique=True)

    class Meta:
        managed = False
        db_table = "programmes_programme"

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE)
    user = models.ForeignKey(Person, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    role = models.CharField(max_length=6)
    state = models.CharField(max_length=10)
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "programmes_enrolment"

    def __str__(self) -> str:
        return self.role
