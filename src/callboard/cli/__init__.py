"""The command line: one function a subcommand. Settings are read here, once, and passed down.

Exit codes: 0 done, 1 something was wrong (said on standard error), 2 the command's words were, 3 a check failed.
"""

from callboard.cli import serving, asking, files, syncing, access, people  # noqa: I001  commands are listed in this order
from callboard.cli.common import app

__all__ = ["access", "app", "asking", "files", "main", "people", "serving", "syncing"]


def main() -> None:
    """Run the command line."""
    app()
