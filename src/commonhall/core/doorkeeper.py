"""Refuses an upload that says it is too large before any of it is kept; the page then answers in words."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST_MEGABYTES = 20
MOST_BYTES = MOST_MEGABYTES * 2**20


class Doorkeeper(FileUploadHandler):
    """First of the upload handlers. What arrives of a refused file is thrown away as it comes."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.said = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.said > MOST_BYTES:
            self.request.refused_upload = self.said  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def refused_megabytes(request: Any) -> int:
    """How large the upload was that was refused with this request; 0 where none was."""
    return -(-int(getattr(request, "refused_upload", 0)) // 2**20)
