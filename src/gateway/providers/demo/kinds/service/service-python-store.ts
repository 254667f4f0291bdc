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
