/** Whether a file proves the program and is not the program, by the names that runners look for. */
export function isTestFile(path: string): boolean {
  return FOLDER.test(path) || NAME.test(path.split("/").at(-1) ?? path);
}

const FOLDER = /(^|\/)(tests?|specs?|__tests__)\//i;
const NAME = /^(test_.*|.*_test|conftest)\.py$|\.(test|spec)\.[cm]?[jt]sx?$|_test\.(go|js|ts|sh)$/i;
