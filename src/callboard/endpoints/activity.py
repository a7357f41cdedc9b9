"""Reports of what happened beside meetings: sign-ins, operations, telephone, storage, what is planned."""

from __future__ import annotations
