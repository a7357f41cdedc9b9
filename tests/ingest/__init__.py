"""From bytes to facts: Zoom's webhooks, and the door they come in by."""
