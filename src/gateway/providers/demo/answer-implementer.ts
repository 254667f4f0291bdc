import { chooseDesign } from "./choose-design.ts";
import { type Design, readStamp } from "./design.ts";
import { contentsOf, type Part, strategyOf, wishOf } from "./read-request.ts";
import { firstText, renderProject } from "./render-project.ts";

/** The design behind a plan: from its stamp, or chosen anew when another model made the plan. */
export function designOf(parts: Part[]): Design {
  const plan = contentsOf(parts, "plan")[0] ?? "";
  const stamped = readStamp(strategyOf(plan));
  if (stamped) return stamped;
  const python = plan.includes('"python3"') || !plan.includes('"node"');
  return chooseDesign(wishOf(parts), [python ? "python" : "javascript"]);
}

/** The whole text of the file in `<path>`; a line that says so when it is no file of the script. */
export function writeFile(parts: Part[]): string {
  const design = designOf(parts);
  const path = contentsOf(parts, "path")[0]?.trim() ?? "";
  const file = renderProject(design).files.find((one) => one.path === path);
  if (file) return firstText(design, file);
  const comment = /\.(js|mjs|ts)$/.test(path) ? "//" : "#";
  return `${comment} ${path}: the scripted demo model has no text for this file; add a key for real work.\n`;
}
