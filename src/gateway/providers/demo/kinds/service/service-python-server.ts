import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

export const pythonServer = (): string => `"""The answers over HTTP, on this machine alone."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .api import answer
from .messages import say

LIMIT = 65536


def make_server(store, port):
    """A server that is bound to a port of 127.0.0.1; port 0 takes a free one. It answers once it serves."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self):
            given = self.headers.get("Content-Length", "")
            length = int(given) if given.isascii() and given.isdigit() else 0
            if length > LIMIT:
                self.close_connection = True
                self.send(413, {"error": say("too_large", limit=LIMIT)})
                return
            self.send(*answer(store, self.command, self.path, self.rfile.read(length)))

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = respond

        def send(self, status, value):
            data = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            """Requests are not logged."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
`;

export const pythonServiceMain = ({ design, plural, main, samples }: ServiceShape): string => {
  const { name } = design;
  return `"""The command line: python3 -m ${name}"""

import argparse
import json
import sys
import threading
from http.client import HTTPConnection

from .messages import say
from .server import make_server
from .store import Store, StoreError


def try_out(port):
    """Adds one record over the network and gives the list as the service answers it."""
    answered = b""
    for method, body in (("POST", json.dumps({${quote(main)}: ${quote(samples[0])}})), ("GET", None)):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, "/${plural}", body)
        answered = connection.getresponse().read()
        connection.close()
    return answered.decode()


def main(arguments=None):
    """The exit code is 0, or 1 when the file cannot be used."""
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=say("description"))
    parser.add_argument("--port", type=int, default=8000, help=say("help_port"))
    parser.add_argument("--file", default=${quote(`${name}.json`)}, help=say("help_file"))
    parser.add_argument("--try", action="store_true", dest="trying", help=say("help_try"))
    options = parser.parse_args(arguments)
    try:
        store = Store(None if options.trying else options.file)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    with make_server(store, 0 if options.trying else options.port) as server:
        address = f"http://127.0.0.1:{server.server_port}/${plural}"
        print(say("listening", address=address), flush=True)
        if options.trying:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(try_out(server.server_port))
            server.shutdown()
        else:
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                pass
    print(say("stopped"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
};
