"""Turn the lessons into pages and slides that work with no network and no kernel."""
