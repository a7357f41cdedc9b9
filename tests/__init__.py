"""Tests: the same tree as `callboard`."""
