"""The steps of the daily run, each idempotent."""
