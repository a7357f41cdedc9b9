"""Pages over HTTP: who looks, what is in their rail, and the frame that their modules fill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from callboard.charts import Bundle
from callboard.contract.access import FAMILIES, ROLES
from callboard.web.assets import Assets
from callboard.web.drawing import Library, catalogue
from callboard.web.pages import PAGES, Page

THEMES: Final = ("light", "dark")
SIGN_IN: Final = "/sign-in"


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, the families that their role covers, and the token that their changes carry."""

    name: str
    role: str = "admin"
    families: frozenset[str] = field(default_factory=lambda: frozenset(FAMILIES))
    csrf: str = ""
    sees_personal: bool = True

    def opens(self, page: Page) -> bool:
        """Whether a page is theirs to see."""
        return page.role in ("", self.role) and (not page.families or not self.families.isdisjoint(page.families))


Who = Callable[[Request], Viewer | None]
"""Tells who sent a request; None for nobody who is signed in."""


class Site:
    """The pages as routes. `who` tells who looks; those who are nobody are sent to sign in."""

    def __init__(self, who: Who, pages: Sequence[Page] = PAGES, bundle: Bundle | None = None) -> None:
        self._who, self._pages, self.assets = who, pages, Assets(made=catalogue())
        self._library = Library(bundle or Bundle())
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"asset": self.assets.url, "imports": self.assets.imports}

    def routes(self) -> list[Route]:
        """A route for each page, and one for the assets; plain paths first."""
        ordered = sorted(self._pages, key=lambda page: "{" in page.path)
        return [self._library.route(), self.assets.route(), *(Route(page.path, self._answer(page)) for page in ordered)]

    def render(self, template: str, viewer: Viewer | None, request: Request, **said: Any) -> str:
        """A template in the frame, as `viewer` sees it."""
        theme = request.cookies.get("theme", "")
        rail = [p for p in self._pages if p.icon and viewer is not None and viewer.opens(p)]
        common = {"viewer": viewer, "rail": rail, "theme": theme if theme in THEMES else "", "page": None, "pages": self._pages}
        return self._templates.get_template(template).render(common | said)

    def _answer(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            viewer = self._who(request)
            if viewer is None:
                here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                return RedirectResponse(f"{SIGN_IN}?to={quote(here, safe='')}", 303)
            if not viewer.opens(page):
                return HTMLResponse(self.render("no_right.html", viewer, request, page=page, roles=_roles(page)), 403)
            return HTMLResponse(self.render(page.template, viewer, request, page=page))

        return answer


def _roles(page: Page) -> list[str]:
    """The roles that may see a page."""
    return [page.role] if page.role else [r.name for r in ROLES.values() if r.families is None or r.families & set(page.families)]
