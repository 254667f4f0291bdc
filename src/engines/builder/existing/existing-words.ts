import type { Human } from "#engines/builder/wording.ts";

interface Words {
  arrange: string;
  move: (from: string, to: string) => string;
  delete: (path: string) => string;
  format: (formatter: string) => string;
  /** behind the report of a result */
  arranged: (moved: number, deleted: number) => string;
}

const WORDS: Record<Human, Words> = {
  en: {
    arrange: "Move and delete files",
    move: (from, to) => `Move ${from} to ${to}`,
    delete: (path) => `Delete ${path}`,
    format: (formatter) => `Format with ${formatter}`,
    arranged: (moved, deleted) => `Files moved: ${moved}, deleted: ${deleted}.`,
  },
  ko: {
    arrange: "파일 이동 및 삭제",
    move: (from, to) => `${from} → ${to} 이동`,
    delete: (path) => `${path} 삭제`,
    format: (formatter) => `${formatter}(으)로 서식 맞추기`,
    arranged: (moved, deleted) => `이동한 파일 ${moved}개, 삭제한 파일 ${deleted}개.`,
  },
  ja: {
    arrange: "ファイルの移動と削除",
    move: (from, to) => `${from} を ${to} へ移動`,
    delete: (path) => `${path} を削除`,
    format: (formatter) => `${formatter} で整形`,
    arranged: (moved, deleted) => `移動したファイル ${moved} 個、削除したファイル ${deleted} 個。`,
  },
};

export function existingWords(human: Human): Words {
  return WORDS[human];
}
