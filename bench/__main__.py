"""`python -m bench`: build what is missing, measure, print the tables, and write them to a page when asked to."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench import endpoints, figures, pages, reads, writes
from bench.data import SCALES
from bench.run import Run

PHASES: Final = {
    "lists": reads.lists,
    "qos": reads.qos,
    "trends": reads.trends,
    "space": reads.space,
    "served": reads.served,
    "webhooks": writes.webhooks,
    "loads": writes.loads,
    "demo": writes.demos,
    "endpoints": endpoints.endpoints,
    "pages": pages.pages,
}
BUILT: Final = ("lists", "qos", "trends", "space", "served")
"""Those that read the scales' facts."""


def main() -> None:
    """Run the command line."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped as well
    names = ["toy"] if asked.quick else [name.replace(".", "_") for name in asked.scale]
    scales = sorted((SCALES[name] for name in dict.fromkeys(names)), key=lambda scale: scale.meetings)
    asked.data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        run = Run(asked.data, scales, asked.quick, stack)
        run.add(figures.machine())
        wanted, failed = asked.only or list(PHASES), list[str]()
        if set(wanted) & set(BUILT):
            run.build()
        for name in wanted:
            told = len(run.tables)
            try:
                PHASES[name](run)
            except Exception as error:  # the others' figures are not lost for it
                failed.append(name)
                run.say(f"{name} failed: {error!r:.2000}")
            for table in run.tables[told:]:
                sys.stderr.write(table.text() + "\n\n")
    run.say("done")
    print("\n\n".join(table.text() for table in run.tables))
    if asked.write:
        figures.write(asked.write, run.tables)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description="Callboard, its bare engine and PostgreSQL on the same rows.")
    parser.add_argument("--scale", action="extend", nargs="+", choices=["0.1m", "1m", "10m"], help="how many meetings; all three")
    parser.add_argument("--only", action="extend", nargs="+", choices=list(PHASES), help="which measurements; all")
    parser.add_argument("--quick", action="store_true", help="a toy scale in about a minute, to see that it works")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables between the markers on this page")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="folder to build in and to find what was built")
    asked = parser.parse_args()
    asked.scale = asked.scale or ["0.1m", "1m", "10m"]
    return asked


main()
