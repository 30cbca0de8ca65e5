"""Batch jobs: `./spark-submit.sh JOB [options]` is the one door."""
