"""Zoom's contract: facts of its Dashboard API and webhooks, copied over, and our answers held against them."""
