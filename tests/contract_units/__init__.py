"""Units and clocks: numbers inside, Zoom's strings at the edge."""
