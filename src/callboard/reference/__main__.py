"""`python -m callboard.reference FOLDER` writes the reference pages."""

from __future__ import annotations

import sys
from pathlib import Path

from callboard.reference import write


def main() -> None:
    """Write the pages into the folder that is named, and say which changed."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m callboard.reference FOLDER")
    for path in write(Path(sys.argv[1])):
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
