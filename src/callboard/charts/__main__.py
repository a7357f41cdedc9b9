"""Makes the library that draws charts in browsers: `python -m callboard.charts [FOLDER]`."""

import sys
from pathlib import Path

from callboard.charts.bundle import MADE_AT_SETUP, make

print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else MADE_AT_SETUP))
