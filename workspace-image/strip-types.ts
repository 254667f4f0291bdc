import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";

/**
 * Run as a program of its own: `strip-types.ts <from> <to>`. Writes the supervisor's sources as JavaScript, so that
 * not every workspace loads the stripper again (20 MB and 80 ms each).
 */
const [from = "", to = ""] = process.argv.slice(2);
for (const name of readdirSync(from)) {
  const text = readFileSync(path.join(from, name), "utf8");
  if (name.endsWith(".json") || name === "npmrc") writeFileSync(path.join(to, name), text);
  if (!name.endsWith(".ts")) continue;
  const script = stripTypeScriptTypes(text).replaceAll(/(from "\.\/[^"]+)\.ts";/g, '$1.js";');
  writeFileSync(path.join(to, name.replace(/\.ts$/, ".js")), script);
}
