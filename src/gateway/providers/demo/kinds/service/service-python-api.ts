import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

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
