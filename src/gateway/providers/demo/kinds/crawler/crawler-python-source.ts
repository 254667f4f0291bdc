export const pythonSource =
  (): string => `"""Pages from a folder, or from a server of this machine. Nothing else is ever asked."""

import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .messages import say

LOCAL = {"127.0.0.1", "localhost", "::1"}
LIMIT = 1_000_000


class NotLocal(ValueError):
    """The start is no place of this machine. The message is meant for the person."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A server of this machine could lead elsewhere: where it points is not followed."""

    def redirect_request(self, *_):
        return None


# Without proxies: they are elsewhere.
OPENER = urllib.request.build_opener(NoRedirects, urllib.request.ProxyHandler({}))


def first_address(start):
    """The address of the first page. Raises NotLocal."""
    parts = urlsplit(start)
    if parts.scheme == "http" and parts.hostname in LOCAL:
        return start if parts.path else start + "/"
    folder = Path(start).resolve()
    if parts.scheme in ("http", "https") or not folder.is_dir():
        raise NotLocal(say("not_local", start=start))
    return (folder / "index.html").as_uri()


def root_of(first):
    """What every address of the site begins with."""
    parts = urlsplit(first)
    return first.rsplit("/", 1)[0] + "/" if parts.scheme == "file" else f"http://{parts.netloc}/"


def fetch(address, root):
    """The text of a page; None when it is not there, empty when it is no HTML."""
    if address.startswith("file:"):
        # Links like .. and links of the file system stay inside the folder.
        path = Path(unquote(urlsplit(address).path)).resolve()
        if not path.as_uri().startswith(root) or not path.is_file():
            return None
        return path.read_text(encoding="utf-8", errors="replace") if path.suffix in (".html", ".htm") else ""
    try:
        with OPENER.open(address, timeout=10) as response:
            if response.headers.get_content_type() != "text/html":
                return ""
            return response.read(LIMIT).decode("utf-8", "replace")
    except (urllib.error.URLError, OSError):
        return None
`;
