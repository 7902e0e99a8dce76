"""The file that `backup` writes and `restore` reads: a compressed tar whose last member, the manifest, lists the rest.

A truncated archive has no manifest; a damaged one does not match it.
"""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from commonhall.core.version import VERSION

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class Unusable(Exception):
    """The archive cannot be restored here; says why."""


class Writer:
    """Adds files to an archive that takes its name only when it is whole."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            info = self.tar.gettarinfo(arcname=name, fileobj=file)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            hashing = Hashing(file)
            self.tar.addfile(info, hashing)
        self.members[name] = {"size": info.size, "sha256": hashing.digest.hexdigest()}

    def close(self, **facts: Any) -> None:
        manifest = {"format": FORMAT, "version": VERSION, "members": self.members, **facts}
        content = json.dumps(manifest, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        self.tar.addfile(info, io.BytesIO(content))


class Hashing(io.RawIOBase):
    """Reads a file and hashes what was read."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.file.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(out: Path) -> Iterator[Writer]:
    draft = out.with_name(out.name + ".part")
    try:
        with draft.open("xb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
            yield Writer(tar)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and return the manifest, or raise `Unusable`."""
    found: dict[str, dict[str, Any]] = {}
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            for member in tar:
                found[_safe(member)] = _extract(tar, member, folder)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Unusable(f"{source} is damaged or is no backup of Commonhall ({error})") from error
    found.pop(MANIFEST, None)
    return _proven(source, folder, found)


def _safe(member: tarfile.TarInfo) -> str:
    path = PurePosixPath(member.name)
    if not member.isfile() or path.is_absolute() or ".." in path.parts:
        raise tarfile.TarError(f"it holds the strange member {member.name}")
    return member.name


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, Any]:
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.TarError("a member cannot be read")
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while block := content.read(CHUNK):
            digest.update(block)
            out.write(block)
    return {"size": member.size, "sha256": digest.hexdigest()}


def _proven(source: Path, folder: Path, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        newer = manifest["format"] > FORMAT
        listed = manifest["members"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{source} is damaged: its end is missing") from error
    if newer:
        raise Unusable(f"{source} was made by a newer Commonhall ({manifest.get('version')}); update this one first")
    if listed != found:
        wrong = sorted(set(listed) ^ set(found)) or [name for name in listed if listed[name] != found[name]]
        raise Unusable(f"{source} is damaged: {wrong[0]} is not what was saved")
    return manifest
