import { designOf } from "./answer-implementer.ts";
import type { Human } from "./design.ts";
import { contentsOf, type Part } from "./read-request.ts";
import { renderProject } from "./render-project.ts";

const PUT_BACK: Record<Human, (paths: string) => string> = {
  en: (paths) => `The text of ${paths} was not as planned; it is put right.`,
  ko: (paths) => `${paths}의 내용이 계획과 달라 바로잡았습니다.`,
  ja: (paths) => `${paths} の内容が計画と違っていたため、正しました。`,
};
const WRITTEN_AGAIN: Record<Human, (paths: string) => string> = {
  en: (paths) =>
    `The scripted demo model finds no difference from its plan, so the cause lies elsewhere; it wrote ${paths} again.`,
  ko: (paths) =>
    `스크립트 데모 모델은 계획과 다른 점을 찾지 못해 ${paths}을(를) 다시 썼습니다. 원인은 다른 곳에 있습니다.`,
  ja: (paths) =>
    `スクリプト式デモモデルには計画との違いが見つからず、${paths} を書き直しました。原因は別のところにあります。`,
};
const MOST_EDITS = 20;

/** The right texts of the files that differ from the plan's, with what was wrong. */
export function proposeEdits(parts: Part[]): Record<string, unknown> {
  const design = designOf(parts);
  const { files, lesson } = renderProject(design);
  const failure = contentsOf(parts, "failure").join("\n");
  const given = new Map(
    parts.filter((part) => part.tag === "file").map((part) => [part.attributes.path ?? "", part.content]),
  );
  const differs = files.filter((file) => {
    const text = given.get(file.path);
    return text !== undefined && text.trimEnd() !== file.content.trimEnd();
  });
  const [only] = differs.length === 1 ? differs : [];
  const planted = only?.mistaken !== undefined && only.mistaken.trimEnd() === given.get(only.path)?.trimEnd();
  const named = files.filter((file) => failure.includes(file.path));
  const chosen = differs.length > 0 ? differs : named.length > 0 ? named : files.slice(0, 1);
  const edits = chosen.slice(0, MOST_EDITS).map(({ path, content }) => ({ path, content }));
  const paths = edits.map(({ path }) => path).join(", ");
  const explain = differs.length > 0 ? PUT_BACK : WRITTEN_AGAIN;
  return { explanation: planted && lesson ? lesson : explain[design.human](paths), edits };
}
