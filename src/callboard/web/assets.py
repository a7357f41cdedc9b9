"""Static files: read once, addressed by what is in them, so that a browser may keep them for good."""

from __future__ import annotations

import gzip
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).parent / "static"
KEPT: Final = "public, max-age=31536000, immutable"
_IMPORT: Final = re.compile(r"""^\s*(?:import|export)\b[^;]*?["']\./([\w./-]+\.js)["']""", re.MULTILINE)
TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True)
class Asset:
    """A file's bytes, plain and compressed, and its type."""

    plain: bytes
    packed: bytes
    media_type: str


class Assets:
    """The files of a folder, and some that are `made`, under one hash of them all: modules import each other by plain names."""

    def __init__(self, folder: Path = FOLDER, made: Mapping[str, bytes] | None = None) -> None:
        self._files = {str(p.relative_to(folder)): _read(p) for p in sorted(folder.rglob("*")) if p.is_file()}
        self._files |= {name: packed(name, plain) for name, plain in (made or {}).items()}
        said = blake2b(digest_size=6)
        for name, asset in self._files.items():
            said.update(name.encode() + b"\0" + asset.plain)
        self.hash = said.hexdigest()

    def url(self, name: str) -> str:
        """The address of a file. Raises `KeyError` for one that is not there."""
        if name not in self._files:
            raise KeyError(f"no asset {name}")
        return f"/static/{self.hash}/{name}"

    def size(self, name: str) -> int:
        """Bytes of a file, as it is written."""
        return len(self._files[name].plain)

    def imports(self, module: str) -> list[str]:
        """All modules that a module loads at once, itself first: a page names them, so that none waits for another."""
        found: dict[str, None] = {}
        todo = [module]
        while todo:
            name = todo.pop(0)
            if name not in found:
                found[name] = None
                todo += _IMPORT.findall(self._files[name].plain.decode())
        return list(found)

    def route(self) -> Route:
        """The route that serves them."""
        return Route("/static/{hash}/{name:path}", self._serve, name="static")

    async def _serve(self, request: Request) -> Response:
        asset = self._files.get(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("There is no such file.", 404)
        # An old page may ask under an old hash: it gets what is there now, and must not keep it.
        return sent(asset, request, KEPT if request.path_params["hash"] == self.hash else "no-store")


def sent(asset: Asset, request: Request, keep: str = KEPT) -> Response:
    """An answer with an asset, compressed for those who take it so."""
    headers = {"cache-control": keep, "vary": "accept-encoding", "x-content-type-options": "nosniff"}
    if "gzip" in request.headers.get("accept-encoding", "") and len(asset.packed) < len(asset.plain):
        return Response(asset.packed, 200, headers | {"content-encoding": "gzip"}, asset.media_type)
    return Response(asset.plain, 200, headers, asset.media_type)


def _read(path: Path) -> Asset:
    return packed(path.name, path.read_bytes())


def packed(name: str, plain: bytes) -> Asset:
    """An asset of these bytes; its type is that of its name."""
    media_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(plain, gzip.compress(plain, 9, mtime=0), media_type)
