import type { Design, Texts } from "../design.ts";

export interface ProjectFile {
  path: string;
  /** for the plan, in the request's language */
  purpose: string;
  language: "python" | "javascript" | "typescript" | "markdown" | "json" | "csv" | "html" | "css";
  complexity: "low" | "medium" | "high";
  dependsOn: string[];
  content: string;
  /** what the first writing says instead, when this file is the one with the planted mistake */
  mistaken?: string;
}

export interface Project {
  /** one or two sentences, in the request's language */
  summary: string;
  files: ProjectFile[];
  /** argument list that shows the program at work */
  run?: string[];
  /** what was wrong with the mistaken file, in the request's language */
  lesson?: string;
}

/** One program that the demo model can write: how to know it from a request, and its files. */
export interface Variant {
  /** the same word in `Design.variant` */
  id: string;
  /** folder and command when the request gives no name */
  defaultName: string;
  /** words that ask for it, in any of the three languages */
  words: RegExp;
  /** phrases that leave no doubt; they weigh more than the kind that is named */
  phrases?: RegExp;
  /** what it is, as the plan's title says it */
  label: Texts;
  render: (design: Design) => Project;
}
