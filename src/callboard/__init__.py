"""Callboard: a self-hosted server for meeting analytics that speaks Zoom's Dashboard API."""

__version__ = "0.1.0"
