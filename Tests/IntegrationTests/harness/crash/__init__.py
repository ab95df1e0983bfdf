"""Kills the sidecar at random moments and compares what it says afterwards with what its clients wrote down."""
