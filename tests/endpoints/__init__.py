"""What clients of the Dashboard API depend on, endpoint by endpoint."""
