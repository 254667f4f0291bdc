import { quote } from "../write-source.ts";
import { filtersOf, type KeeperShape } from "./keeper-shape.ts";

export function pythonMain(shape: KeeperShape): string {
  const { design, fields, main } = shape;
  const required = fields.filter((field) => field.required);
  const optional = fields.filter((field) => !field.required);
  const argument = (flag: string, label: string) =>
    `add.add_argument(${quote(flag)}, help=say(${quote(label)}))`;
  const addLines = [
    `add.add_argument(${quote(main)}, help=say("help_main"))`,
    ...required.map((field) => argument(field.name, `label_${field.name}`)),
    ...optional.map((field) => argument(`--${field.name}`, `label_${field.name}`)),
  ];
  const listLines = [
    ...filtersOf(shape).map(
      (field) => `show.add_argument("--${field.name}", help=say("label_${field.name}"))`,
    ),
    ...(shape.ticks ? ['show.add_argument("--open", action="store_true", help=say("help_open"))'] : []),
    ...(design.json ? ['show.add_argument("--json", action="store_true", help=say("help_json"))'] : []),
  ];
  const numbered = [...(shape.ticks ? ['("done", commands.finish)'] : []), '("remove", commands.remove)'];
  return `"""The command line: python3 -m ${design.name} --help"""

import argparse
import sys

from . import commands
from .entries import InvalidValue
from .messages import say
from .store import Store, StoreError


def build_parser():
    parser = argparse.ArgumentParser(prog=${quote(design.name)}, description=say("description"))
    parser.add_argument("--file", default=${quote(`${design.name}.json`)}, help=say("help_file"))
    names = parser.add_subparsers(dest="command", required=True)

    add = names.add_parser("add", help=say("help_add"))
    ${addLines.join("\n    ")}
    add.set_defaults(act=commands.add)

    show = names.add_parser("list", help=say("help_list"))
    ${[...listLines, "show.set_defaults(act=commands.show)"].join("\n    ")}
${shape.totals ? '\n    total = names.add_parser("total", help=say("help_total"))\n    total.set_defaults(act=commands.total)\n' : ""}
    for name, act in (${numbered.join(", ")}${numbered.length === 1 ? "," : ""}):
        one = names.add_parser(name, help=say("help_" + name))
        one.add_argument("number", type=int, help=say("help_number"))
        one.set_defaults(act=act)
    return parser


def main(argv=None):
    """Runs one command. The exit code is 0, or 1 when the command could not be carried out."""
    options = build_parser().parse_args(argv)
    store = Store(options.file)
    try:
        before = store.load()
        after, text = options.act(before, options)
        if after is not before:
            store.save(after)
    except (InvalidValue, commands.NoSuchEntry, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
}
