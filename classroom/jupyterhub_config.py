"""JupyterHub for a class on one server, made for The Littlest JupyterHub (TLJH).

Copy it to /opt/tljh/config/jupyterhub_config.d/koubai_notes.py; README.md tells how. TLJH itself
brings the systemd spawner, a system user per student, the proxy and the login.
tryout_config.py loads this file too, for `make classroom`.
"""

import os
from urllib.parse import urlencode

c = get_config()  # noqa: F821

# The course on the server: root's clone. Students only read it; `helpers` is installed from it.
COURSE = os.environ.get("KOUBAI_NOTES_COURSE", "/srv/koubai-notes")

# Every login brings the student's own copy up to date, keeps what the student changed, and opens
# the index. The links in README.md do the same and open one lesson.
c.Spawner.default_url = "/git-pull?" + urlencode(
    {
        "repo": COURSE,
        "branch": "main",
        "targetPath": "koubai-notes",
        "urlpath": "lab/tree/koubai-notes/notebooks/00_index.ipynb",
    }
)
# A kernel that did nothing for an hour is stopped, although its page is open; a server without
# kernels and visitors an hour later. Saved notebooks stay.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
    "--MappingKernelManager.cull_connected=True",
    "--ServerApp.shutdown_no_activity_timeout=3600",
]

# Measured: a server takes 140 MiB and a lesson that was run 120 to 220 MiB, all of them 1.3 GiB.
c.Spawner.mem_limit = "2G"
c.Spawner.cpu_limit = 1.0
# Forty cold logins on four cores take a minute and more. No concurrent_spawn_limit: it turns
# students away, it does not let them wait.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

c.SystemdSpawner.readonly_paths = [COURSE]
c.SystemdSpawner.isolate_tmp = True

# The hub's own pages are English; these lines stand above the login and above its other pages.
c.JupyterHub.template_vars = {
    "announcement_login": "名前（Username）とパスワード（Password）を入れ、Sign in を押します。",
    "announcement": "教材は、準備ができると自動的に開きます（1分ほど）。このままお待ちください。",
}

# Restarting the hub leaves the students' servers alone.
c.JupyterHub.cleanup_servers = False
