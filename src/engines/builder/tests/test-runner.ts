import { readJest } from "#engines/builder/tests/read-jest.ts";
import { readJunit } from "#engines/builder/tests/read-junit.ts";
import type { ReadReport } from "#engines/builder/tests/test-report.ts";
import { readUnittest, unittestCommand } from "#engines/builder/tests/unittest.ts";

export interface TestRunner {
  name: string;
  /** the command as it is run: with words for people as ever, and a report for machines at the given path */
  argv: string[];
  read: ReadReport;
}

/** The runner that a test command calls, told to leave a report. null: none of those whose reports can be read. */
export function testRunner(command: string[], report: string): TestRunner | null {
  const argv = withoutNpx(command);
  const [program = "", ...rest] = argv;
  if (program === "node" && rest.includes("--test"))
    return { name: "node:test", argv: nodeTest(argv, report), read: readJunit };
  if (/^python3?$/.test(program) && rest[0] === "-m" && rest[1] === "unittest")
    return { name: "unittest", argv: unittestCommand(program, rest.slice(2), report), read: readUnittest };
  if (/^python3?$/.test(program) && rest[0] === "-m" && rest[1] === "pytest")
    return { name: "pytest", argv: [...argv, ...pytest(report)], read: readJunit };
  if (program === "pytest") return { name: program, argv: [...argv, ...pytest(report)], read: readJunit };
  if (program === "vitest") {
    const options = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const paths = rest[0] === "run" ? rest.slice(1) : rest;
    return { name: program, argv: [program, "run", ...paths, ...options], read: readJest };
  }
  if (program === "jest")
    return { name: program, argv: [...argv, "--json", `--outputFile=${report}`], read: readJest };
  return null;
}

// Without its cache, which would become a part of the result; with the older form, which names files.
function pytest(report: string): string[] {
  return ["-p", "no:cacheprovider", "-o", "junit_family=xunit1", `--junitxml=${report}`];
}

function nodeTest(argv: string[], report: string): string[] {
  // `--test-reporter=spec`, or in two words.
  const own = (argument: string | undefined) => /^--test-reporter(-destination)?(=|$)/.test(argument ?? "");
  const valueOfOwn = (before: string | undefined) => own(before) && !before?.includes("=");
  const reporters = [
    ["--test-reporter=tap", "--test-reporter-destination=stdout"],
    ["--test-reporter=junit", `--test-reporter-destination=${report}`],
  ].flat();
  return argv
    .filter((argument, index) => !own(argument) && !valueOfOwn(argv[index - 1]))
    .flatMap((argument) => (argument === "--test" ? [argument, ...reporters] : [argument]));
}

/** What npx is asked for is found first among the project's own programs anyway. */
function withoutNpx(argv: string[]): string[] {
  if (argv[0] !== "npx") return argv;
  const at = argv.findIndex((argument, index) => index > 0 && !argument.startsWith("-"));
  return at < 0 ? argv : argv.slice(at);
}
