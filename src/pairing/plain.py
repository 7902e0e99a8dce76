"""The values of the engine as plain JSON, and back.

Plans for each type are made once, from the type hints of the dataclasses themselves.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Dataclasses as objects without what is at its default, tuples and sets as lists, sets in order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        entries = ((name, getattr(value, name), default) for name, default in _defaults(type(value)))
        return {name: to_plain(entry) for name, entry, default in entries if entry != default}
    if isinstance(value, Mapping):
        return {str(key): to_plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset | set):
        return [to_plain(entry) for entry in sorted(value)]
    if isinstance(value, list | tuple):
        return [to_plain(entry) for entry in value]
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The value of this type that `to_plain` wrote."""
    found: T = _reader(kind)(value)  # type: ignore[arg-type]
    return found


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    nothing = object()
    return tuple(
        (entry.name, nothing if entry.default is dataclasses.MISSING else entry.default)
        for entry in dataclasses.fields(kind)
    )


@cache
def _reader(kind: Any) -> Reader:
    if dataclasses.is_dataclass(kind):
        return _of_dataclass(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _of_union(inner)
    if origin is tuple:
        return _of_tuple(inner)
    if origin is frozenset:
        entry = _reader(inner[0])
        return lambda value: frozenset(entry(one) for one in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        entry = _reader(inner[1])
        return lambda value: {key: entry(one) for key, one in value.items()}
    return _as_it_is if kind is Any or origin is Literal else _of_scalar(kind)


def _of_dataclass(kind: Any) -> Reader:
    def read(value: Any) -> Any:
        readers = _readers(kind)
        return kind(**{name: readers[name](entry) for name, entry in value.items() if name in readers})

    return read


@cache
def _readers(kind: Any) -> dict[str, Reader]:
    """Looked up when the first value is read, for a type may hold values of its own kind."""
    hints = get_type_hints(kind)
    return {entry.name: _reader(hints[entry.name]) for entry in dataclasses.fields(kind)}


def _of_tuple(inner: tuple[Any, ...]) -> Reader:
    if len(inner) == 2 and inner[1] is Ellipsis:
        entry = _reader(inner[0])
        return lambda value: tuple(entry(one) for one in value)
    readers = [_reader(one) for one in inner]
    return lambda value: tuple(reader(one) for reader, one in zip(readers, value, strict=True))


def _of_union(inner: tuple[Any, ...]) -> Reader:
    real = [one for one in inner if one is not type(None)]
    if len(real) > 1:
        return _as_it_is
    entry = _reader(real[0])
    return lambda value: None if value is None else entry(value)


def _of_scalar(kind: Any) -> Reader:
    return float if kind is float else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
