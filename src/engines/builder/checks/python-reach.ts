import { z } from "zod";
import { type Finding, oneLine, pathInProject } from "#engines/builder/checks/finding.ts";
import type { ReadFindings } from "#engines/builder/checks/read-findings.ts";

// What bandit does not tell: with Python's own parser. What cannot be parsed is another check's finding.
const SCRIPT = `import ast, json, sys
FILES = {"open", "os.remove", "os.unlink", "os.rename", "os.makedirs", "os.rmdir", "shutil.rmtree", "shutil.copy", "shutil.move"}
found = []
def name(node):
    if isinstance(node, ast.Attribute):
        return name(node.value) + "." + node.attr
    return node.id if isinstance(node, ast.Name) else ""
for path in sys.argv[1:]:
    try:
        tree = ast.parse(open(path, encoding="utf-8").read(), path)
    except (SyntaxError, ValueError, RecursionError):
        continue
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name(node.func) in FILES or getattr(node.func, "attr", "") in ("write_text", "write_bytes", "read_text", "read_bytes")):
            found.append([path, node.lineno, "files"])
        elif isinstance(node, ast.Call) and name(node.func) == "os.getenv" or isinstance(node, ast.Attribute) and name(node) == "os.environ":
            found.append([path, node.lineno, "environment"])
json.dump(sorted(found), sys.stdout)`;

const Found = z.array(z.tuple([z.string(), z.number().int(), z.enum(["files", "environment"])]));

const MESSAGES = { files: "This reads or writes files.", environment: "This reads the environment." };

export function pythonReachCommand(paths: string[]): string[] {
  return ["python3", "-c", SCRIPT, ...paths];
}

/** Where Python programs touch files and the environment; for information. */
export const readPythonReach: ReadFindings = (stdout, paths) => {
  try {
    return Found.parse(JSON.parse(stdout)).flatMap(([said, line, what]): Finding[] => {
      const path = pathInProject(said, paths);
      return path === null ? [] : [{ severity: "info", message: oneLine(MESSAGES[what]), path, line }];
    });
  } catch {
    // Unreadable is said as "not run", as for every tool.
    return null;
  }
};
