import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

export function pythonServiceTests({ design, plural, main, ticks, samples }: ServiceShape): string {
  const { name, emptyTest } = design;
  const [first, second] = samples.map(quote);
  return `import contextlib
import io
import json
import tempfile
import threading
import unittest
from http.client import HTTPConnection
from pathlib import Path

from ${name}.__main__ import main
from ${name}.server import LIMIT, make_server
from ${name}.store import Store, StoreError


class ServiceTest(unittest.TestCase):
    """Each test talks to a server of its own, on a free port of this machine."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "records.json"
        self.server = make_server(Store(self.file), 0)
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)

    def ask(self, method, path, body=None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, path, data)
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def add(self, text):
        return self.ask("POST", "/${plural}", {${quote(main)}: text})

    def test_what_is_added_is_listed_and_can_be_asked_for_alone(self):
        status, record = self.add(${first})
        self.assertEqual((status, record[${quote(main)}]), (201, ${first}))
        self.assertEqual(self.ask("GET", "/${plural}"), (200, [record]))
        self.assertEqual(self.ask("GET", f"/${plural}/{record['id']}"), (200, record))

    def test_the_list_can_be_searched(self):
        self.add(${first})
        self.add("Needle 🪡")
        found = self.ask("GET", "/${plural}?search=nEEdle")[1]
        self.assertEqual([record[${quote(main)}] for record in found], ["Needle 🪡"])

    def test_a_change_touches_only_what_it_names(self):
        record = self.add(${first})[1]
        changed = self.ask("PATCH", "/${plural}/1", {${ticks ? '"done": True' : `${quote(main)}: ${second}`}})
        self.assertEqual(changed, (200, {**record, ${ticks ? '"done": True' : `${quote(main)}: ${second}`}}))

    def test_what_is_removed_is_gone_and_the_other_stays(self):
        self.add(${first})
        self.add(${second})
        self.assertEqual(self.ask("DELETE", "/${plural}/1"), (204, None))
        self.assertEqual(self.ask("GET", "/${plural}/1")[0], 404)
        self.assertEqual([record["id"] for record in self.ask("GET", "/${plural}")[1]], [2])

    def test_what_is_kept_is_there_after_a_new_start(self):
        record = self.add(${first})[1]
        self.assertEqual(Store(self.file).all(), [record])

    def test_wrong_bodies_are_refused_and_nothing_is_kept(self):
        for body, status in ((b"no JSON", 400), ([1], 400), ({}, 422), ({${quote(main)}: 5}, 422), ({"other": "x"}, 422)):
            with self.subTest(body=body):
                answered, value = self.ask("POST", "/${plural}", body)
                self.assertEqual(answered, status)
                self.assertIn("error", value)
        self.assertEqual(self.ask("GET", "/${plural}")[1], [])

    def test_other_addresses_and_methods_are_refused(self):
        self.assertEqual(self.ask("GET", "/elsewhere")[0], 404)
        self.assertEqual(self.ask("PUT", "/${plural}", {})[0], 405)

    def test_a_body_beyond_the_limit_is_refused(self):
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=30)
        self.addCleanup(connection.close)
        # Its length alone is enough.
        connection.putrequest("POST", "/${plural}")
        connection.putheader("Content-Length", str(LIMIT + 1))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)

    def test_a_damaged_file_is_reported_and_left_alone(self):
        self.file.write_text("not JSON", encoding="utf-8")
        with self.assertRaises(StoreError):
            Store(self.file)
        self.assertEqual(self.file.read_text(encoding="utf-8"), "not JSON")

    def test_trying_it_out_shows_a_record(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(main(["--try"]), 0)
        self.assertIn(${first}, output.getvalue())
${
  emptyTest
    ? `
    def test_empty_text_is_refused(self):
        for text in ("", "   "):
            self.assertEqual(self.add(text)[0], 422)
        self.assertEqual(self.ask("GET", "/${plural}?search=")[1], [])
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
}
