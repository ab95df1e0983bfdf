"""Starts the real sidecar and the real parts around it, and talks to them as their users do."""
