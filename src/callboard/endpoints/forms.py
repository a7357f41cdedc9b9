"""What people asked and answered: polls, Q&A, surveys."""

from __future__ import annotations
