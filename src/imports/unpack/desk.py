# Runs in a workspace, as the agent, on bytes that anybody may have made: Python 3.8 and its standard library.
# desk.py, zips.py, tars.py, bundles.py and main.py are one program, joined in this order.
import gzip, json, os, posixpath, re, shutil, stat, struct, subprocess, sys, tarfile, unicodedata, zipfile, zlib

UPLOAD, OUT, LIMITS, BRANCH = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
PIECE = 64 * 1024


class Refused(Exception):
    """One of the closed set of faults, and the entry that has it."""

    def __init__(self, fault, at=""):
        super().__init__(fault)
        self.fault, self.at = fault, at


def clean(raw):
    """An entry's path, relative and plain; "" for the top itself."""
    shown = ascii(raw)[1:-1]
    if raw.startswith("/") or re.match(r"[A-Za-z]:", raw):
        raise Refused("outside", shown)
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Refused("outside", shown)
    path = "/".join(parts)
    try:
        longest = max([len(part.encode()) for part in parts], default=0)
        too_long = longest > LIMITS["nameBytes"] or len(path.encode()) > LIMITS["pathBytes"]
    except UnicodeEncodeError:
        raise Refused("name", shown)
    if too_long or re.search(r"[\x00-\x1f\x7f\\]", path):
        raise Refused("name", shown[:200])
    return path


class Desk:
    """Takes files one by one, under numbers: no name of an archive is ever a name on the disk."""

    def __init__(self):
        self.files, self.skipped, self.numbers, self.passed = [], [], {}, set()
        self.alike, self.folders = {}, set()
        self.entries = self.total = 0
        self.most = max(LIMITS["ratioFreeBytes"], LIMITS["ratio"] * os.path.getsize(UPLOAD))

    def count(self):
        self.entries += 1
        if self.entries > LIMITS["entries"]:
            raise Refused("too_many")

    def skip(self, path, reason):
        self.passed.add(path)
        self.skipped.append({"path": path, "reason": reason})

    def leaves_out(self, path):
        """What is private or made by tools; what a Mac adds is not even worth a word."""
        parts = path.split("/")
        if parts[0] == "__MACOSX" or parts[-1] == ".DS_Store":
            return True
        if not any(part in LIMITS["leftOut"] or re.fullmatch(r"(?i)\.git|git~1", part) for part in parts):
            return False
        self.skip(path, "not_kept")
        return True

    def link(self, path, target):
        """Links are left out; one that leads out of its archive makes all of it suspect."""
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if target.startswith("/") or joined.split("/")[0] == "..":
            raise Refused("link_outside", path)
        self.skip(path, "link")

    def claim(self, path):
        """No two names may be one or look like one, and nothing may lie below a file."""
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        if path in self.numbers or path in self.folders or any(name in self.numbers for name in above):
            raise Refused("twice", path)
        for name in [*above, path]:
            other = self.alike.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            if other != name:
                raise Refused("alike", f"{other}, {name}")
        self.folders.update(above)

    def take(self, path, executable, size, pieces):
        if size > LIMITS["fileBytes"]:
            return self.skip(path, "too_large")
        if len(self.files) >= LIMITS["files"]:
            raise Refused("too_many")
        self.claim(path)
        number, got = len(self.files), 0
        with open(f"{OUT}/{number}", "wb") as out:
            for piece in pieces:
                got += len(piece)
                self.total += len(piece)
                if got > size:
                    raise Refused("damaged", path)
                if self.total > LIMITS["totalBytes"]:
                    raise Refused("too_large")
                if self.total > self.most:
                    raise Refused("bomb")
                out.write(piece)
        if got != size:
            raise Refused("damaged", path)
        self.numbers[path] = number
        self.files.append({"path": path, "executable": bool(executable), "size": size})

    def open_top(self):
        """The one folder in which everything lies, as people and forges make archives, is opened."""
        every = self.files + self.skipped
        tops = {entry["path"].split("/")[0] for entry in every}
        if len(tops) == 1 and all("/" in entry["path"] for entry in every):
            for entry in every:
                entry["path"] = entry["path"].split("/", 1)[1]


def pieces_of(file):
    while True:
        piece = file.read(PIECE)
        if not piece:
            return
        yield piece
