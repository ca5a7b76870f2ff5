"""A server that answers everything in the same way, whatever is asked."""

import contextlib
import http.server
import threading

JSON = {"Panoseg-Protocol": "1", "Content-Type": "application/json"}


class Stub(http.server.BaseHTTPRequestHandler):
    """Answers everything in the same way."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def stub(status=200, headers=None, body=b"{}"):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub) as server:
        server.status, server.body, server.asked = status, body, []
        server.headers = headers if headers is not None else {"Panoseg-Protocol": "1"}
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        server.base = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()
        thread.join()
