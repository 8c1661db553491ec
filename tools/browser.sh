#!/bin/sh
# A Chromium for the browser tests: the system's one, else Debian's package (as root), else Playwright's own.
set -eu
PY="${PY:-.venv/bin/python}"
if [ -x /usr/bin/chromium ]; then
    exit 0
fi
if "$PY" tools/has_browser.py; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-noto-color-emoji; then
        exit 0
    fi
fi
exec "$PY" -m playwright install chromium
