"""JupyterHub with Cleanbeam as every user's server: a demonstration on one machine.

Anybody gets in with the password below, and all servers run as the user who started the Hub: change the authenticator
and the spawner before anybody else can reach it. See README.md.
"""

import os
import shutil

port = int(os.environ.get("PORTAL_PORT", "8000"))
folder = os.environ.get("PORTAL_FOLDER", os.path.join(os.getcwd(), "users"))
origin = f"http://127.0.0.1:{port}"

c = get_config()  # noqa: F821

c.JupyterHub.bind_url = origin + "/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}/hub/"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = [os.environ.get("CONFIGURABLE_HTTP_PROXY", "configurable-http-proxy")]

# Whoever knows the password may be whoever he likes.
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ.get("PORTAL_PASSWORD", "cleanbeam")
c.Authenticator.allow_all = True

# A process per user on this machine; their folders lie below one.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(folder, "{username}")
c.Spawner.cmd = os.environ.get("CLEANBEAM", shutil.which("cleanbeam") or "cleanbeam").split()
c.Spawner.args = ["serve", ".", "--public-origin", origin]
c.Spawner.http_timeout = 60
