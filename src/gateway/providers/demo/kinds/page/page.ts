import type { Design, Texts } from "../../design.ts";
import type { Project, ProjectFile, Variant } from "../project.ts";
import { inHuman, type Module, type Program, placesOf, writeProject } from "../write-project.ts";
import { STYLE } from "./page-frame.ts";
import { htmlFile, itemsModule, listModule, pageMain, pageModule } from "./page-javascript.ts";
import { javascriptPageTests } from "./page-javascript-tests.ts";
import { pythonItems, pythonPageMain, pythonRender, pythonTemplate } from "./page-python.ts";
import { pythonPageTests } from "./page-python-tests.ts";
import { OPEN_IT, PAGE_ABOUT, PAGE_MESSAGES, PAGE_PURPOSE } from "./page-texts.ts";

type Sources = Pick<Program, "modules" | "entry" | "tests" | "others">;

function other(
  design: Design,
  path: string,
  purpose: Texts,
  language: "html" | "css",
  content: string,
): ProjectFile {
  return { path, purpose: purpose[design.human], language, complexity: "low", dependsOn: [], content };
}

const module = (name: "items" | "list" | "page" | "render", needs: string[], content: string): Module => ({
  name,
  purpose: PAGE_PURPOSE[name],
  needs,
  content,
});

/** Python writes the page; the script in the template only hides what does not fit. */
function pythonSources(design: Design): Sources {
  const inPackage = (file: string) => placesOf(design).module(file).replace(/\.py$/, "");
  return {
    others: [
      other(design, inPackage("template.html"), PAGE_PURPOSE.html, "html", pythonTemplate()),
      other(design, inPackage("style.css"), PAGE_PURPOSE.style, "css", STYLE),
    ],
    modules: [module("items", [], pythonItems(design)), module("render", ["messages"], pythonRender(design))],
    entry: pythonPageMain(design),
    tests: pythonPageTests(design),
  };
}

/** The page's own script makes the list; the entry puts everything into one file. */
function javascriptSources(design: Design): Sources {
  return {
    others: [
      other(design, "index.html", PAGE_PURPOSE.html, "html", htmlFile(design)),
      other(design, "style.css", PAGE_PURPOSE.style, "css", STYLE),
    ],
    modules: [
      module("items", [], itemsModule(design)),
      module("list", ["items", "messages"], listModule()),
      module("page", ["items", "list"], pageModule()),
    ],
    entry: pageMain(design),
    tests: javascriptPageTests(design),
  };
}

function render(design: Design): Project {
  const intro = PAGE_ABOUT[design.human];
  return writeProject(design, {
    intro,
    messages: { title: design.title, description: intro, ...inHuman(PAGE_MESSAGES, design) },
    ...(design.language === "python" ? pythonSources(design) : javascriptSources(design)),
    shown: ["", "--output site", "--help"],
    run: [],
    more: [OPEN_IT[design.human]],
  });
}

export const LIST_PAGE: Variant = {
  id: "list",
  defaultName: "list_page",
  words:
    /\bscript\b|\blists?\b|\bsearch|\bfilter|\bmenu\b|\bgallery\b|\bcatalog|\bstatic\b|스크립트|목록|검색|찾기|메뉴|정적|スクリプト|一覧|検索|メニュー|静的/i,
  label: { en: "searchable list", ko: "검색되는 목록", ja: "検索できる一覧" },
  render,
};
