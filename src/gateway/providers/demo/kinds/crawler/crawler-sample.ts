import type { Design } from "../../design.ts";
import { escapeHtml } from "../page/page-frame.ts";
import type { ProjectFile } from "../project.ts";
import { CRAWLER_PURPOSE, SAMPLE_TITLES } from "./crawler-texts.ts";

/** A site of three pages with one broken link and one to elsewhere. */
export function sampleSite({ human }: Design): ProjectFile[] {
  const page = (path: string, title: string, links: string[]): ProjectFile => ({
    path: `sample/${path}`,
    purpose: CRAWLER_PURPOSE.sample[human],
    language: "html",
    complexity: "low",
    dependsOn: [],
    content: `<!doctype html>
<html lang="${human}">
  <head>
    <meta charset="utf-8" />
    <title>${escapeHtml(title)}</title>
  </head>
  <body>
    <h1>${escapeHtml(title)}</h1>
${links.map((link) => `    <a href="${link}">${link}</a>`).join("\n")}
  </body>
</html>
`,
  });
  const { home, about, news } = SAMPLE_TITLES;
  return [
    page("index.html", home[human], ["about.html", "news/index.html", "https://example.org/"]),
    page("about.html", about[human], ["index.html#top", "missing.html"]),
    page("news/index.html", news[human], ["../about.html"]),
  ];
}
