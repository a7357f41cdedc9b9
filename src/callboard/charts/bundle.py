"""The library that draws charts in browsers: Vega, made once into a file, from a wheel instead of a CDN.

Making it takes some seconds and a JavaScript engine, so it is done in a process of its own: at set-up by
`python -m callboard.charts`, else when the first chart is asked for.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Final

SNIPPET: Final = "export { vegaEmbed as embed };"
BUNDLE: Final = f"vega-{version('vl-convert-python')}.js"
"""The file's name: another version of the library has another."""
MADE_AT_SETUP: Final = Path(__file__).parent / "made"
MOST_SECONDS: Final = 120


def make(folder: Path) -> Path:
    """Make the file in a folder, if it is not there: in one piece or not at all."""
    import vl_convert

    path = folder / BUNDLE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{threading.get_ident()}.part")
        part.write_text(vl_convert.javascript_bundle(SNIPPET))
        part.replace(path)
    return path


class Bundle:
    """Where the library is: beside the package when set-up made it, else in `folder`, where it is made when asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or MADE_AT_SETUP
        self._lock = threading.Lock()

    def read(self) -> bytes:
        """Its bytes. Blocks for the seconds that it takes to make it, the first time."""
        for folder in (MADE_AT_SETUP, self._folder):
            if (folder / BUNDLE).exists():
                return (folder / BUNDLE).read_bytes()
        with self._lock:
            making = [sys.executable, "-m", "callboard.charts", str(self._folder)]
            subprocess.run(making, check=True, timeout=MOST_SECONDS, stdout=subprocess.DEVNULL)
        return (self._folder / BUNDLE).read_bytes()
