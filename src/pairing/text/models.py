"""What turns sentences into vectors. Nothing here ever looks online.

The default is WordLlama, whose weights lie in its own package; a small ONNX sentence model in a folder of one's own
may take its place. A model is loaded when the first sentence is asked of it.
"""

import logging
import os
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pairing.errors import BadProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 32


class TextModel(Protocol):
    """``name`` says which model and version: vectors of two names are never compared."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One row of the same length, at most 1,024, for each text."""
        ...


class WordLlama:
    """Word vectors distilled from a language model: 16 MB, 256 numbers for a sentence, no network."""

    @property
    def name(self) -> str:
        version = import_module("importlib.metadata").version("wordllama")
        return f"wordllama {version} l2_supercat 256"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        found: NDArray[np.float32] = self._loaded.embed(list(texts), norm=True)
        return found

    @cached_property
    def _loaded(self) -> Any:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        package = import_module("wordllama")
        # Its import sets up everybody's logging; that is for others to decide.
        root.handlers[:] = handlers
        root.setLevel(level)
        folder = Path(str(package.__file__)).parent
        return package.WordLlama.load(cache_dir=folder, disable_download=True)


class Onnx:
    """A sentence model as ``model.onnx`` with its ``tokenizer.json``, in a folder that you give; mean of its tokens.

    Needs ``onnxruntime`` and ``tokenizers``. Raises BadProblem if one of them or a file is missing.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        for name in ("model.onnx", "tokenizer.json"):
            if not (self.folder / name).is_file():
                raise BadProblem(f"There is no {name} in {self.folder}, so it is no sentence model.")
        for package in ("onnxruntime", "tokenizers"):
            if util.find_spec(package) is None:
                raise BadProblem(f"A sentence model needs the package {package}, which is not installed.")

    @cached_property
    def name(self) -> str:
        """The folder's name and the fingerprint of what lies in it."""
        found = sha256()
        for file in ("model.onnx", "tokenizer.json"):
            found.update((self.folder / file).read_bytes())
        return f"onnx {self.folder.name} {found.hexdigest()[:16]}"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        numbers = import_module("numpy")
        parts = [self._batch(list(texts[start : start + BATCH])) for start in range(0, len(texts), BATCH)]
        found: NDArray[np.float32] = numbers.concatenate(parts)
        return found

    def _batch(self, texts: list[str]) -> "NDArray[np.float32]":
        numbers = import_module("numpy")
        read = self._tokenizer.encode_batch(texts)
        given = {
            "input_ids": numbers.array([one.ids for one in read], dtype=numbers.int64),
            "attention_mask": numbers.array([one.attention_mask for one in read], dtype=numbers.int64),
            "token_type_ids": numbers.array([one.type_ids for one in read], dtype=numbers.int64),
        }
        asked = {one.name for one in self._session.get_inputs()}
        tokens = self._session.run(None, {name: value for name, value in given.items() if name in asked})[0]
        mask = given["attention_mask"][:, :, None].astype(numbers.float32)
        found: NDArray[np.float32] = (tokens * mask).sum(axis=1) / numbers.maximum(mask.sum(axis=1), 1.0)
        return found

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = import_module("tokenizers").Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(256)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        runtime = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = str(self.folder / "model.onnx")
        return runtime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


@cache
def default() -> TextModel | None:
    """WordLlama, or None where it is not installed: then free text is not compared."""
    return WordLlama() if util.find_spec("wordllama") is not None else None
