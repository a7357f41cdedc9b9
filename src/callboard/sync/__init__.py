"""Mirror an account that speaks Zoom's API into the store: what is asked, in which order, at which rate, how far it has come."""
