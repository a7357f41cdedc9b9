"""What callers see: models, units, paging, scopes, rate classes and errors. Pure."""
