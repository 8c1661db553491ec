"""Exit 0 when Playwright's own Chromium is installed, 1 otherwise (used by tools/browser.sh)."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(0 if Path(playwright.chromium.executable_path).exists() else 1)
