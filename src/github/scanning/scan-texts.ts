import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";

export interface FoundSecret {
  path: string;
  /** from 1 */
  line: number;
  /** what kind, with every character of the secret itself masked */
  message: string;
}

/** The rule by which a comment in a file switches the others off. What is published is not its author's to excuse. */
const COMMENTS = "@secretlint/secretlint-rule-filter-comments";

const CONFIG = {
  rules: rules
    .filter(({ meta }) => meta.id !== COMMENTS)
    .map((rule) => ({ id: rule.meta.id, rule, options: {} })),
};

/** Keys, tokens and passwords in one text, as secretlint's recommended rules know them. */
export async function scanText(path: string, content: string): Promise<FoundSecret[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, contentType: "text" },
    options: { config: CONFIG, maskSecrets: true, noPhysicFilePath: true },
  });
  return messages
    .filter(({ type, severity }) => type === "message" && severity === "error")
    .map(({ message, loc }) => ({ path, line: loc.start.line, message: shortened(message) }));
}

/** A masked key of many lines is no news beyond its first characters. */
function shortened(message: string): string {
  return message.replaceAll(/\*{8,}/g, "********").slice(0, 200);
}
