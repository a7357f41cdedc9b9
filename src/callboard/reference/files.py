"""The page about files: formats, packings, and the heads that Zoom's own CSVs are known by."""

from __future__ import annotations

from callboard.export import ENDINGS, FORMATS, PACKINGS
from callboard.ingest.raw_log import BODIES, TIMES
from callboard.ingest.zoom_csv import JOIN, MEETING, METRICS
from callboard.reference.markdown import code, codes, table


def files_page() -> str:
    """Every format and every head."""
    formats = table(
        ("Format", "Media type", "What it is"), [(code(f.name), code(f.media_type), f.sentence) for f in FORMATS.values()]
    )
    packings = table(("Packing", "Endings"), [(code(p), codes(e for e, name in ENDINGS.items() if name == p)) for p in PACKINGS])
    metrics = table(("Metric", "Words in its head"), [(code(metric), codes(sorted(words))) for metric, words in METRICS])
    return (
        "# Files\n\nHow to use them: [files](../files.md).\n\n"
        f"## Formats that are written\n\n{formats}\n"
        f"## Packings\n\nWritten by the file's ending or `--compress`; read by the bytes a file begins with.\n\n{packings}\n"
        "## Webhook logs\n\nA body may stand in a member "
        f"{codes(BODIES)}, and when it came in {codes(TIMES)}.\n\n"
        "## Heads of Zoom's CSVs\n\nUpper and lower case are the same, and a `?` is nothing.\n\n"
        f"### Of a meeting\n\n{_heads(MEETING)}\n### Of a join\n\n{_heads(JOIN)}\n"
        "### Of a minute\n\nA time, a participant, and metrics: a head names medium (`audio`, `video`, `screen sharing`), way "
        f"(`receiving`, `sending`) and metric.\n\n{metrics}"
    )


def _heads(known: dict[str, tuple[str, ...]]) -> str:
    return table(("Value", "Heads"), [(code(name), codes(heads)) for name, heads in known.items()])
