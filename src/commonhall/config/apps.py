from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "commonhall.config"
    label = "config"

    def ready(self) -> None:
        from commonhall.config import periodic, reactions

        reactions.install()
        periodic.install()
