import factory

from commonhall.accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@somewhere.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"
