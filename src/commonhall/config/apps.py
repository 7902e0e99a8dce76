from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "commonhall.config"
    label = "config"

    def ready(self) -> None:
        from commonhall.accounts.queries import know_of_signed_in_users
        from commonhall.config import periodic, reactions
        from commonhall.notifications.queries import with_unread
        from commonhall.organisations.queries import with_brand_and_grants

        reactions.install()
        periodic.install()
        know_of_signed_in_users(with_brand_and_grants, with_unread)
