import type { Design } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { inHuman, type Module, type Program, writeProject } from "../write-project.ts";
import { javascriptCrawl, javascriptCrawlerMain, javascriptParse } from "./crawler-javascript.ts";
import { javascriptSource } from "./crawler-javascript-source.ts";
import { javascriptCrawlerTests } from "./crawler-javascript-tests.ts";
import { pythonCrawl, pythonCrawlerMain, pythonParse } from "./crawler-python.ts";
import { pythonSource } from "./crawler-python-source.ts";
import { pythonCrawlerTests } from "./crawler-python-tests.ts";
import { sampleSite } from "./crawler-sample.ts";
import { CRAWLER_MESSAGES, CRAWLER_PURPOSE, STAYS_HERE } from "./crawler-texts.ts";

function sourcesOf(design: Design): Pick<Program, "modules" | "entry" | "tests"> {
  const python = design.language === "python";
  const module = (name: "source" | "parse" | "crawl", needs: string[], content: string): Module => ({
    name,
    purpose: CRAWLER_PURPOSE[name],
    needs,
    content,
  });
  return {
    modules: [
      module("source", ["messages"], python ? pythonSource() : javascriptSource()),
      module("parse", [], python ? pythonParse() : javascriptParse()),
      module("crawl", ["source", "parse"], python ? pythonCrawl() : javascriptCrawl()),
    ],
    entry: python ? pythonCrawlerMain(design) : javascriptCrawlerMain(design),
    tests: python ? pythonCrawlerTests(design) : javascriptCrawlerTests(design),
  };
}

function render(design: Design): Project {
  const messages = inHuman(CRAWLER_MESSAGES, design);
  return writeProject(design, {
    intro: messages.description ?? "",
    messages,
    ...sourcesOf(design),
    others: sampleSite(design),
    shown: ["sample", "sample --most 2", ...(design.json ? ["sample --json"] : []), "--help"],
    run: ["sample"],
    more: [STAYS_HERE[design.human]],
  });
}

const CRAWLS =
  /\bcrawl|\bspider\b|\bscrap(er?|ing)\b|\b(broken|dead) links?\b|\blink[- ]check|크롤|스크래|스크레이|끊어진\s?링크|링크\s?검사|クロール|クローラ|スクレイピング|リンク切れ/i;
export const CRAWLER: Variant = {
  id: "links",
  defaultName: "crawl_site",
  words: CRAWLS,
  phrases: CRAWLS,
  label: { en: "site crawler", ko: "사이트 크롤러", ja: "サイトクローラー" },
  render,
};
