import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

export const pythonStore = (): string => `"""The records, by number, in one JSON file."""

import json
import os
import threading
from pathlib import Path

from .messages import say


class StoreError(ValueError):
    """The file cannot be used. The message is meant for the person."""


class Store:
    """Without a path it keeps everything in memory. Safe to use from several threads."""

    def __init__(self, path=None):
        self.path = Path(path) if path else None
        self.lock = threading.Lock()
        self.records = self._read() if self.path and self.path.exists() else []

    def all(self):
        return [dict(record) for record in self.records]

    def get(self, number):
        return next((record for record in self.all() if record["id"] == number), None)

    def add(self, values):
        with self.lock:
            number = 1 + max((record["id"] for record in self.records), default=0)
            record = {"id": number, **values}
            self._keep([*self.records, record])
        return record

    def change(self, number, values):
        """The record with its new values."""
        with self.lock:
            self._keep([{**one, **values} if one["id"] == number else one for one in self.records])
        return self.get(number)

    def remove(self, number):
        with self.lock:
            self._keep([record for record in self.records if record["id"] != number])

    def _read(self):
        try:
            records = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(say("damaged", path=self.path)) from error
        if not isinstance(records, list) or not all(isinstance(one, dict) and "id" in one for one in records):
            raise StoreError(say("damaged", path=self.path))
        return records

    def _keep(self, records):
        # The file is replaced in one step, so that a crash never leaves half of it.
        if self.path:
            new = self.path.with_name(self.path.name + ".new")
            new.write_text(json.dumps(records, ensure_ascii=False, indent=2) + "\\n", encoding="utf-8")
            os.replace(new, self.path)
        self.records = records
`;

export const pythonApi = ({
  plural,
  main,
  ticks,
}: ServiceShape): string => `"""What is answered to each request: a method, an address and a body become a status and a value."""

import json
import re
from urllib.parse import parse_qs, urlsplit

from .messages import say

FIELDS = {${quote(main)}: str${ticks ? ', "done": bool' : ""}}
START = {${quote(main)}: ""${ticks ? ', "done": False' : ""}}


class Refused(Exception):
    """The request cannot be answered. Carries the status; the message is meant for the person."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def read_body(body):
    """The checked values of a body. Raises Refused."""
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refused(400, say("not_json"))
    for field, value in given.items():
        if field not in FIELDS or not isinstance(value, FIELDS[field]) or (FIELDS[field] is str and not value.strip()):
            raise Refused(422, say("bad_value", field=field))
    return given


def collection(store, method, query, body):
    if method == "GET":
        search = query.get("search", [""])[0].casefold()
        return 200, [record for record in store.all() if search in record[${quote(main)}].casefold()]
    if method == "POST":
        values = {**START, **read_body(body)}
        if not values[${quote(main)}]:
            raise Refused(422, say("bad_value", field=${quote(main)}))
        return 201, store.add(values)
    raise Refused(405, say("not_allowed", method=method))


def one_record(store, method, number, path, body):
    record = store.get(number)
    if record is None:
        raise Refused(404, say("not_found", path=path))
    if method == "GET":
        return 200, record
    if method == "PATCH":
        return 200, store.change(number, read_body(body))
    if method == "DELETE":
        store.remove(number)
        return 204, None
    raise Refused(405, say("not_allowed", method=method))


def answer(store, method, target, body=b""):
    """The pair of status and value; errors are values too: {"error": …}."""
    address = urlsplit(target)
    found = re.fullmatch(r"/${plural}(?:/([0-9]{1,15}))?", address.path)
    try:
        if not found:
            raise Refused(404, say("not_found", path=address.path))
        if found[1] is None:
            return collection(store, method, parse_qs(address.query), body)
        return one_record(store, method, int(found[1]), address.path, body)
    except Refused as refused:
        return refused.status, {"error": str(refused)}
`;

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
            length = int(self.headers.get("Content-Length") or 0)
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
