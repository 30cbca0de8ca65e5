#!/bin/sh
# Builds the small plotly.js bundle and the web font into out/web. Without npm the cockpit serves the full
# bundle that the plotly package carries, and the reader's own fonts.
cd "$(dirname "$0")" || exit 1
root=../..
fallback="the full plotly.js bundle and system fonts serve"

if ! command -v npm >/dev/null 2>&1; then
    echo "npm not found: $fallback"
    exit 0
fi
wanted=$($root/.venv/bin/python -c 'from plotly.offline import get_plotlyjs_version as v; print(v())')
have=$(sed -n 's/.*"plotly.js": "\(.*\)".*/\1/p' package.json)
if [ "$have" != "$wanted" ]; then
    echo "tools/web/package.json names plotly.js $have, the plotly package embeds $wanted: make them equal" >&2
    exit 1
fi
echo "Building the web bundle and the web font (once) …"
if ! npm ci --loglevel=error; then
    echo "npm could not fetch the web packages: $fallback"
    exit 0
fi
node build.mjs $root/out/web && touch $root/out/web/.built
