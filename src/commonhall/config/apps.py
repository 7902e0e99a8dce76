from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "commonhall.config"
    label = "config"

    def ready(self) -> None:
        from commonhall.accounts.queries import know_of_signed_in_users
        from commonhall.config import inbox, periodic, reactions
        from commonhall.matching.queries.promises import promised_places
        from commonhall.notifications.queries import with_unread
        from commonhall.organisations.queries import with_brand_and_grants
        from commonhall.programmes.queries.promises import know_of_promises

        reactions.install()
        periodic.install()
        inbox.install()
        know_of_signed_in_users(with_brand_and_grants, with_unread)
        know_of_promises(promised_places)
