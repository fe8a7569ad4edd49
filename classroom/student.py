"""A student as a program: log in, get an own copy, run a lesson, move a slider, through the hub.

Used by the test with two students and by the load test. It speaks to the servers as a browser does.
"""

import json
import struct
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import requests
import websocket

READY = {"kind": "ready"}  # what helpers/live/figure.js says first
PATIENCE = 240  # seconds for one step; a class that logs in at once is slow


class Student:
    """One student with a browser session of its own."""

    def __init__(self, hub, name, password):
        self.hub, self.name, self.password = hub, name, password
        self.base = f"/user/{name}"
        self.web = requests.Session()
        self.web.trust_env = False
        self.kernels = []

    def close(self):
        """Close the connections, as a closed browser does; the server goes on."""
        for kernel in self.kernels:
            kernel.socket.close()
        self.web.close()

    def request(self, method, path, **options):
        """Send one request as this student's browser does and return the answer."""
        tokens = [
            cookie.value
            for cookie in sorted(self.web.cookies, key=lambda cookie: -len(cookie.path))
            if cookie.name == "_xsrf" and path.startswith(cookie.path)
        ]
        headers = {"X-XSRFToken": tokens[0]} if tokens else {}
        return self.web.request(
            method, self.hub + path, headers=headers, timeout=PATIENCE, **options
        )

    def ask(self, method, path, **options):
        """Like request, for this student's own server; anything but success is an error."""
        answer = self.request(method, self.base + path, **options)
        answer.raise_for_status()
        return answer

    def log_in(self):
        """Fill in the login page, wait for the own server, and get its own copy of the course."""
        self.request("GET", "/hub/login")
        form = {"username": self.name, "password": self.password}
        answer = self.request("POST", "/hub/login?next=/hub/spawn", data=self._with_token(form))
        if answer.url.endswith("/hub/login?next=/hub/spawn"):
            raise PermissionError(f"{self.name} cannot log in")
        deadline = time.monotonic() + PATIENCE
        while not self._server_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server of {self.name} did not start")
            time.sleep(0.5)
        self.pull()

    def _with_token(self, form):
        token = next(c.value for c in self.web.cookies if c.name == "_xsrf" and c.path == "/hub/")
        return form | {"_xsrf": token}

    def _server_ready(self):
        answer = self.request("GET", f"/hub/api/users/{self.name}")
        answer.raise_for_status()
        server = answer.json()["servers"].get("")
        if server is None:
            raise RuntimeError(f"the server of {self.name} stopped while it started")
        return server["ready"]

    def pull(self):
        """Bring the own copy up to date, as the page that opens after the login does."""
        opened = self.request("GET", self.base + "/")  # on to the start page, through the hub
        start = parse_qs(urlsplit(opened.url).query)
        options = {
            "repo": start["repo"][0],
            "branch": start["branch"][0],
            "targetpath": start["targetPath"][0],
        }
        events = self.ask("GET", "/git-pull/api", params=options).text
        if '"phase": "finished"' not in events:
            raise RuntimeError(f"{self.name}: git-pull: {events[-500:]}")

    def read(self, path):
        """Return a notebook of the own copy."""
        return self.ask("GET", f"/api/contents/koubai-notes/{path}").json()["content"]

    def save(self, path, notebook):
        """Save a notebook in the own copy."""
        body = {"type": "notebook", "content": notebook}
        self.ask("PUT", f"/api/contents/koubai-notes/{path}", json=body)

    def open(self, path):
        """Start a kernel for a notebook and return it."""
        body = {
            "path": f"koubai-notes/{path}",
            "name": path,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        kernel = Kernel(self, self.ask("POST", "/api/sessions", json=body).json()["kernel"]["id"])
        self.kernels.append(kernel)
        return kernel


class Kernel:
    """A student's running notebook, over the websocket that JupyterLab uses."""

    def __init__(self, student, ident):
        self.student, self.ident = student, ident
        self.widgets = {}
        self.socket = None
        self.connect()

    def connect(self):
        """Open the connection (again)."""
        if self.socket:
            self.socket.close()
        cookies = {
            cookie.name: cookie.value
            for cookie in self.student.web.cookies
            if cookie.path.startswith(self.student.base)
        }
        self.socket = websocket.create_connection(
            f"{self.student.hub.replace('http', 'ws', 1)}{self.student.base}"
            f"/api/kernels/{self.ident}/channels",
            cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
            timeout=PATIENCE,
        )

    def run(self, code):
        """Execute code and return what it printed; an error in it is raised."""
        request = self._send("execute_request", code=code, silent=False, allow_stdin=False)
        printed = []
        for kind, message in self._messages():
            mine = message["parent_header"].get("msg_id") == request
            if kind == "comm_open":
                state = message["content"]["data"].get("state", {})
                self.widgets[message["content"]["comm_id"]] = state
            elif kind == "stream" and mine:
                printed.append(message["content"]["text"])
            elif kind == "error" and mine:
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            elif kind == "status" and mine and message["content"]["execution_state"] == "idle":
                return "".join(printed)

    def move(self, slider, index):
        """Move a slider as a page does that has just opened: it has no frame yet.

        Return the seconds until the frame of the new place arrives.
        """
        figure, state = next(
            (ident, state)
            for ident, state in self.widgets.items()
            if f"IPY_MODEL_{slider}" in state.get("sliders", [])
        )
        number = state["sliders"].index(f"IPY_MODEL_{slider}")
        start = time.perf_counter()
        update = {"method": "update", "state": {"index": index}, "buffer_paths": []}
        self._send("comm_msg", comm_id=slider, data=update)
        self._send("comm_msg", comm_id=figure, data={"method": "custom", "content": READY})
        for kind, message in self._messages():
            if kind == "comm_msg" and message["content"]["comm_id"] == figure:
                content = message["content"]["data"].get("content", {})
                frames = content.get("head", {}).get("frames", [])
                if any(place[number] == index for place, *_ in frames):
                    return time.perf_counter() - start

    def sliders(self):
        """Return the ids of the sliders that the cells run so far have made."""
        return [
            ident
            for ident, state in self.widgets.items()
            if state.get("_model_name") == "SelectionSliderModel"
        ]

    def _send(self, kind, **content):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "student"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell", "buffers": []}))
        return header["msg_id"]

    def _messages(self):
        """Yield (type, message) from the kernel; a binary frame holds offsets, then the message."""
        while True:
            frame = self.socket.recv()
            if isinstance(frame, bytes):
                count = struct.unpack("!i", frame[:4])[0]
                offsets = struct.unpack(f"!{count}i", frame[4 : 4 * (count + 1)])
                frame = frame[offsets[0] : (*offsets, len(frame))[1]]
            message = json.loads(frame)
            yield message["header"]["msg_type"], message
