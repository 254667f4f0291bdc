/** The file's text without the code fence that models like to put around it. */
export function stripFence(answer: string): string {
  const trimmed = answer.replace(/^\s*\n/, "").trimEnd();
  const open = /^(`{3,})[^\n`]*\n/.exec(trimmed);
  const fence = open?.[1];
  const inside =
    fence && trimmed.endsWith(`\n${fence}`) ? trimmed.slice(open[0].length, -fence.length) : trimmed;
  return inside.endsWith("\n") || inside === "" ? inside : `${inside}\n`;
}
