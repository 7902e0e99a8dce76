"""A wheel carries the built front end, so that nobody who installs it needs Node."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and version != "editable":
            script = runpy.run_path(str(Path(self.root) / "assets" / "build.py"), run_name="build")
            script["build"]()
            script["take_away_former"]()
