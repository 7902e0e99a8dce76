"""Pictures that people send in: read within limits, and made anew without what was written into them."""

import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from PIL import Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")


class BadPicture(ValueError):
    """The file is no picture that we can use; says what to do."""


@dataclass(frozen=True)
class Limits:
    """How large a picture may be, and the sentence for each reason not to take one."""

    most_bytes: int
    most_pixels: Mapping[str, int]
    too_large: str | Promise
    too_many_pixels: str | Promise
    unknown: str | Promise
    damaged: str | Promise


def remade(upload: BinaryIO, limits: Limits, make: Callable[[Image.Image], bytes]) -> bytes:
    """What `make` makes of an uploaded JPEG, PNG or WebP; raises BadPicture."""
    source = upload.read(limits.most_bytes + 1)
    if len(source) > limits.most_bytes:
        raise BadPicture(limits.too_large)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(source), formats=FORMATS)
            if image.width * image.height > limits.most_pixels[image.format or "PNG"]:
                raise BadPicture(limits.too_many_pixels)
            return make(image)
    except BadPicture:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(limits.unknown) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture(limits.damaged) from error
