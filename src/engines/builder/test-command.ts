/** The test command as it is run: with the output that can be counted. */
export function countableCommand(argv: string[]): string[] {
  if (isNodeTest(argv)) {
    if (argv.some((argument) => argument.startsWith("--test-reporter"))) return argv;
    return argv.flatMap((argument) =>
      argument === "--test" ? [argument, "--test-reporter=tap"] : [argument],
    );
  }
  if (isUnittest(argv)) {
    const loud = argv.filter((argument) => argument !== "-q" && argument !== "--quiet");
    return loud.includes("-v") || loud.includes("--verbose") ? loud : [...loud, "-v"];
  }
  return argv;
}

export function isNodeTest(argv: string[]): boolean {
  return argv[0] === "node" && argv.includes("--test");
}

export function isUnittest(argv: string[]): boolean {
  return /^python3?$/.test(argv[0] ?? "") && argv[1] === "-m" && argv[2] === "unittest";
}

export function isPytest(argv: string[]): boolean {
  return /^python3?$/.test(argv[0] ?? "") && argv[1] === "-m" && argv[2] === "pytest";
}
