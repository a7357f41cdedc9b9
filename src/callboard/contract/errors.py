"""Every error a caller can get: one base class, one table of codes, one shape on the wire.

Codes are Zoom's; where Zoom and the requirements differ, the requirements set the HTTP status.
"""

from __future__ import annotations

from typing import Any, ClassVar


class CallboardError(Exception):
    """A mistake that the caller should hear of, or a fault that it may try again.

    On the wire: `{"code", "message"}`, and `errors: [{field, message}]` for bad parameters.
    """

    status: ClassVar[int] = 500
    code: ClassVar[int] = 500
    sentence: ClassVar[str] = "Something failed that is not the caller's fault."

    def __init__(self, message: str, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The answer's body."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = self.errors
        return body


class BadRequest(CallboardError):
    """A parameter, date range or page token is wrong."""

    status, code = 400, 300
    sentence = "A parameter, date range or page token is wrong; `errors` names the fields."


class InvalidPageToken(BadRequest):
    """The page token is forged, expired or belongs to another query."""

    def __init__(self) -> None:
        super().__init__("The next page token is invalid or expired.")


class WrongKind(BadRequest):
    """The id is a webinar's on a meeting path, or the reverse."""

    def __init__(self, kind: str, id_: str) -> None:
        super().__init__(f"Can not access {kind} info, {id_}.")


class NotJson(BadRequest):
    """The body is not a JSON object."""

    def __init__(self) -> None:
        super().__init__("Request Body should be a valid JSON object.")


class InvalidAccessToken(CallboardError):
    """No token, or one that was not made here, was revoked or has expired."""

    status, code = 401, 124
    sentence = "No access token, or one that is not valid, was revoked or has expired."

    def __init__(self, expired: bool = False) -> None:
        super().__init__("Access token is expired." if expired else "Invalid access token.")


class BadSignature(CallboardError):
    """A webhook whose signature or timestamp is wrong."""

    status, code = 401, 124
    sentence = "A webhook's signature or timestamp is wrong."


class MissingScope(CallboardError):
    """The token holds none of the scopes that open this endpoint."""

    status, code = 403, 4711
    sentence = "The token's scopes do not open this endpoint; the message lists those that do."

    def __init__(self, scopes: list[str]) -> None:
        super().__init__(f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")


class RoleForbids(CallboardError):
    """The client's role does not cover this metric."""

    status, code = 403, 4711
    sentence = "The client's role, families or groups do not cover this metric."


class ForeignRequest(CallboardError):
    """A request that changes something carries no token of its session, or comes from another site."""

    status, code = 403, 4711
    sentence = "A signed-in person's request that changes something carries no CSRF token, or comes from another site."

    def __init__(self) -> None:
        super().__init__("This request did not come from a page of this server: load the page again.")


class NotFound(CallboardError):
    """No such meeting, webinar, participant or page."""

    status, code = 404, 3001
    sentence = "No such meeting, webinar, participant or path."


class UnknownUser(CallboardError):
    """No such user in the account."""

    status, code = 404, 1001
    sentence = "No such user in the account."

    def __init__(self, id_: str) -> None:
        super().__init__(f"User {id_} not exist or not belong to this account.")


class MethodNotAllowed(CallboardError):
    """The path exists, the method does not."""

    status, code = 405, 300
    sentence = "The path takes another method."


class TooLarge(CallboardError):
    """The body is over the limit."""

    status, code = 413, 300
    sentence = "The body is larger than the setting allows."


class TooManyRequests(CallboardError):
    """A rate limit is used up."""

    status, code = 429, 429
    sentence = "A rate limit is used up; headers say which, and when it opens again."


class Unavailable(CallboardError):
    """The store can't answer now: try again."""

    status, code = 503, 503
    sentence = "The store cannot answer now, or the question was too large; `Retry-After` says when to try again."

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)})


ERRORS: tuple[type[CallboardError], ...] = (
    BadRequest,
    InvalidAccessToken,
    MissingScope,
    RoleForbids,
    ForeignRequest,
    NotFound,
    UnknownUser,
    MethodNotAllowed,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
