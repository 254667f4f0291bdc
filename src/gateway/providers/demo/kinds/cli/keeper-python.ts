import { quote } from "../write-source.ts";
import { filtersOf, hasKind, type KeeperShape } from "./keeper-shape.ts";

const READ_DATE = `

def read_date(text):
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise InvalidValue(say("not_date", value=text)) from None
`;
const READ_AMOUNT = `

def read_amount(text):
    plain = text.strip().replace(",", "")
    if not AMOUNT.fullmatch(plain) or Decimal(plain) == 0:
        raise InvalidValue(say("not_amount", value=text))
    return str(Decimal(plain).quantize(Decimal("0.01")))
`;
const READ_TAGS = `

def read_tags(text):
    return sorted({tag.strip().lower() for tag in text.split(",")} - {""})
`;
const CHOICE_OF = `

def choice_of(*choices):
    def read_choice(text):
        value = text.strip().lower()
        if value not in choices:
            raise InvalidValue(say("not_choice", value=text, choices=", ".join(choices)))
        return value

    return read_choice
`;

export function pythonEntries(shape: KeeperShape): string {
  const imports = [
    ...(hasKind(shape, "amount") ? ["import re"] : []),
    ...(hasKind(shape, "date") ? ["from datetime import date"] : []),
    ...(hasKind(shape, "amount") ? ["from decimal import Decimal"] : []),
  ];
  const rows = shape.fields.map((field) => {
    const reader =
      field.kind === "choice"
        ? `choice_of(${(field.choices ?? []).map(quote).join(", ")})`
        : `read_${field.kind}`;
    return `    ${quote(field.name)}: ${reader},`;
  });
  const defaults = shape.fields.flatMap((field) =>
    field.fallback ? [`${quote(field.name)}: ${quote(field.fallback)}`] : [],
  );
  const mark = shape.ticks ? `("[x] " if entry["done"] else "[ ] ") + ` : "";
  return `"""What one entry holds, and how a person's text becomes a checked value."""

${imports.length > 0 ? `${imports.join("\n")}\n\n` : ""}from .messages import say
${hasKind(shape, "amount") ? '\nAMOUNT = re.compile(r"[0-9]{1,12}([.][0-9]{1,2})?")\n' : ""}

class InvalidValue(ValueError):
    """The text does not fit the field. The message is meant for the person."""


def read_text(text):
    value = " ".join(text.split())
    if not value:
        raise InvalidValue(say("empty"))
    return value
${hasKind(shape, "choice") ? CHOICE_OF : ""}${hasKind(shape, "date") ? READ_DATE : ""}${hasKind(shape, "amount") ? READ_AMOUNT : ""}${hasKind(shape, "tags") ? READ_TAGS : ""}

MAIN = ${quote(shape.main)}
FIELDS = {
    MAIN: read_text,
${rows.length > 0 ? `${rows.join("\n")}\n` : ""}}
DEFAULTS = {${defaults.join(", ")}}


def make_entry(number, values):
    """A checked entry from texts by field name; absent ones are left out. Raises InvalidValue."""
    entry = {"id": number${shape.ticks ? ', "done": False' : ""}}
    for name, read in FIELDS.items():
        text = values.get(name)
        if text is None:
            text = DEFAULTS.get(name)
        if text is not None:
            entry[name] = read(text)
    return entry


def describe(entry):
    """One line for a person."""
    details = []
    for name in FIELDS:
        value = entry.get(name)
        if name == MAIN or not value:
            continue
        details.append(f"{say('label_' + name)}: {', '.join(value) if isinstance(value, list) else value}")
    line = f"{entry['id']}. " + ${mark}entry[MAIN]
    return f"{line} ({'; '.join(details)})" if details else line
`;
}

export function pythonStore(shape: KeeperShape): string {
  return `"""The entries in one JSON file."""

import json
import os
from pathlib import Path

from .entries import MAIN
from .messages import say


class StoreError(Exception):
    """The file cannot be used. The message is meant for the person."""


def is_entry(value):
    if not isinstance(value, dict) or not isinstance(value.get("id"), int):
        return False
    return isinstance(value.get(MAIN), str)${shape.ticks ? ' and isinstance(value.get("done"), bool)' : ""}


class Store:
    def __init__(self, path):
        self.path = Path(path)

    def load(self):
        """The stored entries; none when there is no file yet. Raises StoreError."""
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(say("unreadable", path=self.path)) from error
        except ValueError as error:
            raise StoreError(say("damaged", path=self.path)) from error
        if not isinstance(entries, list) or not all(map(is_entry, entries)):
            raise StoreError(say("damaged", path=self.path))
        return entries

    def save(self, entries):
        """Replaces the file in one step, so that a crash never leaves half of it. Raises StoreError."""
        text = json.dumps(entries, ensure_ascii=False, indent=2) + "\\n"
        draft = self.path.with_name(self.path.name + ".new")
        try:
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, self.path)
        except (OSError, UnicodeEncodeError) as error:
            raise StoreError(say("unreadable", path=self.path)) from error
`;
}

export function pythonCommands(shape: KeeperShape): string {
  const filters = filtersOf(shape);
  const json = shape.design.json;
  const imports = [
    ...(json ? ["import json"] : []),
    ...(shape.totals ? ["from decimal import Decimal"] : []),
  ];
  const narrow = [
    ...(filters.length > 0 ? ["all(fits(entry, name, getattr(options, name)) for name in FILTERS)"] : []),
    ...(shape.ticks ? ['not (options.open and entry["done"])'] : []),
  ];
  return `"""The commands: each takes the entries and gives the new ones with a text for the person."""

${imports.length > 0 ? `${imports.join("\n")}\n\n` : ""}from .entries import describe, make_entry
from .messages import say
${filters.length > 0 ? `\nFILTERS = (${filters.map((field) => `${quote(field.name)},`).join(" ")})\n` : ""}

class NoSuchEntry(LookupError):
    """No entry has that number. The message is meant for the person."""


def find(entries, number):
    for entry in entries:
        if entry["id"] == number:
            return entry
    raise NoSuchEntry(say("no_entry", number=number))

${
  filters.length > 0
    ? `
def fits(entry, name, wanted):
    value = entry.get(name)
    return wanted is None or (wanted in value if isinstance(value, list) else wanted == value)

`
    : ""
}
def add(entries, options):
    number = 1 + max((entry["id"] for entry in entries), default=0)
    entry = make_entry(number, vars(options))
    return [*entries, entry], say("added", entry=describe(entry))


def show(entries, options):
    chosen = ${
      narrow.length > 0
        ? `[
        entry
        for entry in entries
        if ${narrow.join("\n        and ")}
    ]`
        : "entries"
    }
${json ? "    if options.json:\n        return entries, json.dumps(chosen, ensure_ascii=False, indent=2)\n" : ""}    return entries, "\\n".join(describe(entry) for entry in chosen) or say("nothing")

${
  shape.ticks
    ? `
def finish(entries, options):
    entry = {**find(entries, options.number), "done": True}
    return [entry if one["id"] == entry["id"] else one for one in entries], say("done", entry=describe(entry))

`
    : ""
}${
  shape.totals
    ? `
def total(entries, options):
    amounts = (Decimal(entry["amount"]) for entry in entries if "amount" in entry)
    return entries, say("total", total=sum(amounts, Decimal("0.00")))

`
    : ""
}
def remove(entries, options):
    entry = find(entries, options.number)
    return [one for one in entries if one is not entry], say("removed", entry=describe(entry))
`;
}
