import type { Extension } from "@codemirror/state";

type Load = () => Promise<Extension>;

const javascript: Load = async () => (await import("@codemirror/lang-javascript")).javascript({ jsx: true });
const typescript: Load = async () =>
  (await import("@codemirror/lang-javascript")).javascript({ jsx: true, typescript: true });
const python: Load = async () => (await import("@codemirror/lang-python")).python();
const json: Load = async () => (await import("@codemirror/lang-json")).json();
const markdown: Load = async () => (await import("@codemirror/lang-markdown")).markdown();
const html: Load = async () => (await import("@codemirror/lang-html")).html();
const css: Load = async () => (await import("@codemirror/lang-css")).css();
const shell: Load = async () => {
  const [{ StreamLanguage }, mode] = await Promise.all([
    import("@codemirror/language"),
    import("@codemirror/legacy-modes/mode/shell"),
  ]);
  return StreamLanguage.define(mode.shell);
};

const BY_NAME: Record<string, Load> = {
  ...{ js: javascript, mjs: javascript, cjs: javascript, jsx: javascript, javascript },
  ...{ ts: typescript, mts: typescript, tsx: typescript, typescript },
  ...{ py: python, python },
  ...{ json, md: markdown, html, css, sh: shell, bash: shell },
};

/** What colours a language, by its name or a file's ending; null where plain text is right. */
export async function loadLanguage(nameOrPath: string): Promise<Extension | null> {
  const key = nameOrPath.slice(nameOrPath.lastIndexOf(".") + 1).toLowerCase();
  return (await BY_NAME[key]?.()) ?? null;
}
