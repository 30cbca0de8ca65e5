#!/usr/bin/env bash
# The one door for batch work: ./spark-submit.sh JOB [options]. Without arguments it lists the jobs.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python="$root/.venv/bin/python"
if [[ ! -x "$python" ]]; then
    echo "No Python environment here yet: run 'make setup' first." >&2
    exit 2
fi
# Spark would otherwise start the Python and the Spark that the user's shell happens to name.
export PYSPARK_PYTHON="$python" PYSPARK_DRIVER_PYTHON="$python"
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
unset SPARK_HOME
if [[ -n "${JAVA_HOME:-}" && ! -x "$JAVA_HOME/bin/java" ]]; then
    echo "JAVA_HOME names no Java ($JAVA_HOME): correct or unset it." >&2
    exit 2
fi
exec "$python" -m jobs "$@"
