/**
 * A file as the model meant it: without the code fence that some put around the whole answer although they are told
 * not to, and with an end to its last line. What has no fence around it is left as it came.
 */
export function stripFence(answer: string): string {
  const trimmed = answer.trim();
  const open = /^(`{3,})[^\n`]*\n/.exec(trimmed);
  const fence = open?.[1];
  const inside =
    fence && trimmed.endsWith(`\n${fence}`) ? trimmed.slice(open[0].length, -fence.length) : answer;
  return inside.endsWith("\n") || inside === "" ? inside : `${inside}\n`;
}
