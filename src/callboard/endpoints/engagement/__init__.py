"""Webinars: registered against attended, who stayed, what the host did for it, and how well it was sent."""

from callboard.endpoints.engagement import host, streams, webinars

__all__ = ["host", "streams", "webinars"]
