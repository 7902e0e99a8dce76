"""Work for later."""

from importlib import import_module


def enqueue(task: str, *args: object) -> None:
    """Queue `room.tasks.name` (an id or two as arguments) in the transaction of the data."""
    module, name = f"commonhall.{task}".rsplit(".", 1)
    getattr(import_module(module), name).enqueue(*args)
