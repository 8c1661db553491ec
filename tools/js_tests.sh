#!/bin/sh
# The component's JavaScript tests; skipped, and said so, where there is no Node 18 or newer.
set -eu
if ! ls tests/js/*.test.* >/dev/null 2>&1; then
    exit 0
fi
if ! command -v node >/dev/null 2>&1; then
    echo "node is not installed: the JavaScript tests were skipped"
    exit 0
fi
exec node --test tests/js/
