import { z } from "zod";
import { Argv, RunEntries } from "#engines/builder/run/run-entry.ts";

// Models often give the one command itself where a list of commands is asked for; its meaning is plain.
const Commands = z.preprocess(
  (value) => (Array.isArray(value) && typeof value[0] === "string" ? [value] : value),
  z.array(Argv).max(10),
);

const Path = z.string().min(1).max(200);

export const PlanFile = z.object({
  path: Path.describe("relative to the project, forward slashes"),
  purpose: z.string().min(1).max(2_000).describe("what the file is for and what it exports"),
  language: z.string().min(1).max(40).describe("python, javascript, markdown, json, …"),
  complexity: z.enum(["low", "medium", "high"]),
  dependsOn: z.array(z.string()).max(50).default([]).describe("paths of files it uses"),
});
export type PlanFile = z.infer<typeof PlanFile>;

export const PlanMove = z.object({ from: Path, to: Path });

/** What the architect answers: the files to write, to move and to delete, in which order they need each other, and how to prove them. */
export const Plan = z.object({
  title: z.string().min(1).max(200),
  summary: z.string().min(1).max(4_000).describe("a few sentences for the person, in the request's language"),
  language: z.enum(["en", "ko", "ja"]).describe("the language of the request"),
  files: z.array(PlanFile).max(200),
  move: z
    .array(PlanMove)
    .max(200)
    .optional()
    .describe(
      "existing files that get another path; one that is changed as well is among the files by its new path",
    ),
  delete: z.array(Path).max(200).optional().describe("existing files that are not needed any more"),
  commands: z.object({
    test: Commands.describe('argument lists, e.g. [["python3","-m","unittest","discover","-v"]]'),
    install: Commands.optional().describe("only where the files that name the packages are not enough"),
    run: RunEntries.optional().describe(
      'what shows the program at work: argument lists, and of a server its port and a path that answers, e.g. [["node","main.js","--help"],{"argv":["node","server.js"],"port":8080,"path":"/"}]',
    ),
  }),
  testStrategy: z.string().max(4_000).default(""),
});
export type Plan = z.infer<typeof Plan>;
