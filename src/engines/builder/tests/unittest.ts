import { z } from "zod";
import type { ReadReport } from "#engines/builder/tests/test-report.ts";

/**
 * Runs unittest as `python3 -m unittest` does, and writes beside it what unittest itself has no form for. An error
 * outside of a test (a class that cannot be set up, say) has failed without having run.
 */
const RUNNER = `import json, sys, unittest
class Result(unittest.TextTestResult):
    good = []
    def addSuccess(self, test):
        super().addSuccess(test)
        self.good.append(test.id())
class Runner(unittest.TextTestRunner):
    resultclass = Result
program = unittest.main(module=None, testRunner=Runner, argv=["python3 -m unittest", *sys.argv[2:]], exit=False)
result = program.result
bad = [*result.failures, *result.errors]
bad += [(test, "It passed, and was expected to fail.") for test in result.unexpectedSuccesses]
ran = lambda tests: {getattr(test, "test_case", test).id() for test in tests if isinstance(test, unittest.TestCase)}
left = ran([test for test, _ in [*bad, *result.skipped]])
told = [(test.id(), text) for test, text in bad]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"passed": max(0, result.testsRun - len(left)), "passing": Result.good, "failures": told}, file)
sys.exit(not result.wasSuccessful())`;

const Report = z.object({
  passed: z.number().int(),
  passing: z.array(z.string()),
  failures: z.array(z.tuple([z.string(), z.string()])),
});

export function unittestCommand(python: string, options: string[], report: string): string[] {
  const loud = options.filter((option) => !["-q", "--quiet", "-v", "--verbose"].includes(option));
  return [python, "-c", RUNNER, report, ...loud, "-v"];
}

export const readUnittest: ReadReport = (text) => {
  try {
    const { passed, passing, failures } = Report.parse(JSON.parse(text));
    const told = failures.map(([name, failed]) => ({ name, text: failed }));
    return { passed, failed: told.length, passing, failures: told };
  } catch {
    return null;
  }
};
