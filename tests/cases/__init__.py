"""Cases worked by hand: events, a request, and the answer that Zoom would give."""
