"""`python -m bench.screenshots`: pictures of every page in light, dark and phone width."""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Page

from bench.chromium import SETTLED, Site, demo_site, until

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5},
}
COLOURS: Final = 200
DRAWN: Final = "!document.querySelector('main [data-drawing]')"


def take(page: Page, path: Path) -> None:
    """A picture of what is seen, with few colours, so that it is small."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def settle(page: Page) -> None:
    """Wait until data and charts are there."""
    until(page, SETTLED)
    until(page, DRAWN)


def open_worst(page: Page) -> None:
    """Show the streams of the person for whom a meeting was worst."""
    page.get_by_role("button", name="Worst first").click()
    page.locator(".lanes-list .who").first.click()
    settle(page)


def walk(site: Site, folder: Path) -> None:
    """Take every page in every look."""
    for look, options in LOOKS.items():
        for name, path in site.addresses().items():
            context = site.context(**options)
            page = context.new_page()
            page.goto(site.url + path)
            settle(page)
            if name == "meetings-one":
                open_worst(page)
            take(page, folder / f"{name}-{look}.png")
            print(f"{name}-{look}.png {(folder / f'{name}-{look}.png').stat().st_size // 1000} kB", flush=True)
            context.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser("python -m bench.screenshots", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("bench-data/pages"), help="data folder of the demo")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--into", type=Path, default=Path("docs/screenshots"))
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    asked.data.parent.mkdir(parents=True, exist_ok=True)
    with demo_site(asked.data, asked.people, asked.days, asked.data.parent / "servers.log", live=True) as site:
        walk(site, asked.into)


if __name__ == "__main__":
    main()
