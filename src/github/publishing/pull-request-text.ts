import type { Evidence } from "#github/publishing/evidence.ts";
import { inert, oneLine, quotation } from "#github/publishing/plain-text.ts";

/** A version as the pull request tells of it. */
export interface ToldVersion {
  number: number;
  runId: string | null;
  what: string;
  commitSha: string;
  createdAt: Date;
  evidence: Evidence | null;
}

export interface Told {
  agentName: string;
  directory: string;
  /** https://github.com/owner/name */
  repositoryUrl: string;
  /** what the first of them is compared with */
  base: string;
  /** oldest first */
  versions: ToldVersion[];
}

/** Between these two lines the text is ours; what a person wrote around them stays. */
const [BEGIN, END] = ["<!-- carrel:begin -->", "<!-- carrel:end -->"];

/** GitHub takes 65,536 characters. */
const MAX_BODY = 60_000;
const MAX_LISTED = 60;

export function pullRequestTitle({ agentName, versions }: Told): string {
  const last = versions.at(-1);
  return oneLine(`${agentName}, version ${last?.number}: ${last?.what ?? ""}`, 120);
}

/** @param before the body as it is now; "" for a new one */
export function pullRequestBody(told: Told, before = ""): string {
  const ours = `${BEGIN}\n${cut(sections(told).join("\n\n"))}\n${END}`;
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) return before.trim() === "" ? ours : `${ours}\n\n${before}`;
  return before.slice(0, from) + ours + before.slice(to + END.length);
}

function sections(told: Told): string[] {
  const last = told.versions.at(-1) as ToldVersion;
  const { evidence } = last;
  return [
    `**Version ${last.number}**: ${inert(last.what)}`,
    ...(told.directory === "" ? [] : [`The agent's files are in \`${told.directory}/\`.`]),
    ...(evidence?.request ? [`### Asked for\n\n${quotation(evidence.request)}`] : []),
    ...(evidence?.summary ? [`### Done\n\n${inert(evidence.summary)}`] : []),
    ...(evidence ? [evidenceTable(last, evidence)] : []),
    ...(evidence && evidence.plan.length > 0 ? [planList(evidence)] : []),
    ...(evidence && evidence.findings.length > 0 ? [findingList(evidence)] : []),
    changelog(told),
  ];
}

function evidenceTable({ runId }: ToldVersion, evidence: Evidence): string {
  const { figures, models } = evidence;
  const rows = [
    ...(figures
      ? [
          ["Tests", `${figures.testsPassed} passed, ${figures.testsFailed} failed`],
          ["Findings", String(figures.findings)],
          ["Files", String(figures.files)],
        ]
      : []),
    ["Secrets", "none found in what changed"],
    ...(models.length > 0
      ? [
          [
            "Models",
            models
              .map(({ model, calls, tokens }) => `${inert(model)} (${calls} calls, ${tokens} tokens)`)
              .join(", "),
          ],
        ]
      : []),
    ["Cost", dollars(evidence.costMicroUsd)],
    ["Run", `\`${runId}\``],
  ];
  return [
    "### Evidence",
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
  ].join("\n");
}

function planList({ plan }: Evidence): string {
  const done = (status: string) => (status === "completed" ? "x" : " ");
  const entries = plan
    .slice(0, MAX_LISTED)
    .map(({ content, status }) => `- [${done(status)}] ${inert(oneLine(content, 200))}`);
  return ["<details><summary>Plan</summary>", "", ...entries, "", "</details>"].join("\n");
}

function findingList({ findings }: Evidence): string {
  const lines = findings.map(({ tool, severity, message, path, line }) => {
    const where = path ? ` in ${inert(path)}${line ? `, line ${line}` : ""}` : "";
    return `- ${severity}, ${inert(tool)}${where}: ${inert(oneLine(message, 300))}`;
  });
  return ["<details><summary>Findings</summary>", "", ...lines, "", "</details>"].join("\n");
}

/** Newest first, each compared with the one before. */
function changelog({ versions, repositoryUrl, base }: Told): string {
  const lines = versions.map(({ number, what, commitSha, createdAt }, index) => {
    const before = versions[index - 1]?.commitSha ?? base;
    const compared = `[changes](${repositoryUrl}/compare/${before.slice(0, 12)}...${commitSha.slice(0, 12)})`;
    return `- **Version ${number}** (${createdAt.toISOString().slice(0, 10)}): ${inert(oneLine(what, 200))} · ${compared}`;
  });
  const shown = lines.toReversed().slice(0, MAX_LISTED);
  const left = lines.length - shown.length;
  return ["### Versions", "", ...shown, ...(left > 0 ? [`- and ${left} before`] : [])].join("\n");
}

function dollars(microUsd: number): string {
  return `$${(microUsd / 1_000_000).toFixed(4)}`;
}

function cut(text: string): string {
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}\n…` : text;
}
