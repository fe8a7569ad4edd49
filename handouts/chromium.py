"""Find the installed Chromium, Chrome or Edge, which prints the handouts and tests them."""

import os
import shutil

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
# Quiet, and able to run as root in a container.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
MISSING = "Chromium がありません。Chromium か Google Chrome を入れてください（no Chromium found）"


def find_chromium():
    """Return the path of an installed browser, or None."""
    found = map(shutil.which, COMMANDS)
    return next((place for place in [*found, *PLACES] if place and os.access(place, os.X_OK)), None)
