"""What differs from jupyterhub_config.py in the try-out on one machine; see tryout.py."""

import os
import sys
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # noqa: F821
load_subconfig(str(Path(__file__).with_name("jupyterhub_config.py")))  # noqa: F821

FOLDER = Path(os.environ["KOUBAI_NOTES_CLASSROOM"])
PORT = int(os.environ["KOUBAI_NOTES_PORT"])
FIRST_UID = 61000


class OwnFolderSpawner(SimpleLocalProcessSpawner):
    """A local process per student, in a folder of its own; as root also a system user per student.

    The system user is only a number and leaves no trace in /etc/passwd.
    """

    home_dir_template = str(FOLDER / "students" / "{username}")

    def make_preexec_fn(self, name):
        """Return what the new process does before it becomes the student's server."""
        home = Path(self.home_dir)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        uid = home.stat().st_uid
        if os.environ["KOUBAI_NOTES_SEPARATE"] and uid < FIRST_UID:
            uid = max([FIRST_UID, *(other.stat().st_uid for other in home.parent.iterdir())]) + 1
            os.chown(home, uid, uid)

        def preexec():
            if uid != os.getuid():
                os.setgid(uid)
                os.setgroups([])
                os.setuid(uid)
            os.chdir(home)

        return preexec


c.JupyterHub.spawner_class = OwnFolderSpawner
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [*c.Spawner.args, "--allow-root"]  # for root whose Python others cannot reach
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL", "VIRTUAL_ENV"]
c.Spawner.environment = {"GIT_CONFIG_SYSTEM": str(FOLDER / "gitconfig")}
c.Spawner.poll_interval = 5  # a killed server is noticed, and can start again, after seconds

# One generated password for all: enough to keep strangers out, not to tell students apart.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ.pop("KOUBAI_NOTES_PASSWORD")
c.Authenticator.allow_all = True

# Three ports in a row, of this machine alone.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.ConfigurableHTTPProxy.command = [os.environ["KOUBAI_NOTES_PROXY"], "--log-level=error"]
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'hub' / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "hub" / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "hub" / "proxy.pid")

# The try-out leaves nothing running.
c.JupyterHub.cleanup_servers = True
c.JupyterHub.log_level = "WARN"
