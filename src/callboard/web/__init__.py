"""The dashboard: pages that fetch the public API, their templates and assets. No SQL and no private JSON."""
