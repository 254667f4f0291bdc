const QUOTED = `["“”'‘’\`「『]`;
const WORD = `[\\p{L}\\p{N}][\\p{L}\\p{N}_-]*`;
const IN_QUOTES = `${QUOTED}([^"“”'‘’\`「」『』\\n]{1,40})["“”'‘’\`」』]`;

/** Ways to say what a program is called; the name is the first group that matched. */
const NAMED: RegExp[] = [
  new RegExp(`\\b(?:called|named|titled)\\s+(?:${IN_QUOTES}|(${WORD}))`, "iu"),
  new RegExp(`\\b(?:call|name)\\s+(?:it|this|the \\w+)\\s+(?:${IN_QUOTES}|(${WORD}))`, "iu"),
  new RegExp(
    `(?:\\b(?:tool|library|cli|app|program|package|command|module|report|service|page|site|game|crawler)|도구|라이브러리|앱|프로그램|보고서|서비스|페이지|게임|크롤러|ツール|ライブラリ|アプリ|プログラム|コマンド|レポート|リスト|サービス|ページ|ゲーム|クローラー)\\s*${IN_QUOTES}`,
    "iu",
  ),
  new RegExp(`\\bits name is\\s+(?:${IN_QUOTES}|(${WORD}))`, "iu"),
  new RegExp(`${IN_QUOTES}\\s*(?:이?라는|이?라고|란)(?![가-힣])`, "u"),
  /([\p{L}\p{N}_-]*[\p{L}\p{N}])(?:이라는|라는|이라고)(?![가-힣])/u,
  new RegExp(
    `이름은\\s*(?:${IN_QUOTES}|([A-Za-z0-9_-]+|[가-힣A-Za-z0-9_-]+?(?=이?(?:야|에요|예요|입니다|로|고|,|\\.|\\s|$))))`,
    "u",
  ),
  new RegExp(`${IN_QUOTES}\\s*(?:という|と言う|っていう)`, "u"),
  /([A-Za-z0-9_-]+|[\p{Script=Katakana}ー]+|[\p{Script=Han}]+)\s*(?:という|と言う|っていう)/u,
  new RegExp(`名前は\\s*(?:${IN_QUOTES}|([A-Za-z0-9_-]+|[\\p{Script=Katakana}ー]+))`, "u"),
];
const RENAMED: RegExp[] = [
  new RegExp(
    `\\b(?:call|name)\\s+(?:it|the (?:tool|app|program|library|project|report))\\s+(?:${IN_QUOTES}|(${WORD}))`,
    "iu",
  ),
  new RegExp(`\\brename\\b[^\\n]{0,40}?\\bto\\s+(?:${IN_QUOTES}|(${WORD}))`, "iu"),
  new RegExp(`\\bchange (?:the|its) name to\\s+(?:${IN_QUOTES}|(${WORD}))`, "iu"),
  new RegExp(`이름을\\s*(?:${IN_QUOTES}|([\\p{L}\\p{N}_-]+?))\\s*(?:으로|로)\\s*(?:바꿔|변경|고쳐|해)`, "u"),
  new RegExp(`名前を\\s*(?:${IN_QUOTES}|([\\p{L}\\p{N}_-]+?))\\s*(?:に|へ)\\s*(?:変|し|改)`, "u"),
];
/** Words after "called" that are no names. */
const NO_NAME = /^(a|an|the|it|from|by|with|when|on|and|that|this|as|after|in|to)$/i;

/** Names that would hide a module of Python or that a program cannot have. */
const TAKEN = new Set(
  "abc array ast bin calendar class cmd code codecs collections copy csv data date def del email enum for from functools glob html http import in inspect io is json lib list logging math main module new node none not number operator or os package parser pass path platform print profile queue random re report return secrets select signal site socket src statistics string struct sys test tests text this time token trace true try types typing unittest uuid while with yield index".split(
    " ",
  ),
);

function firstGroup(patterns: RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    const name = match
      ?.slice(1)
      .find((group) => group !== undefined)
      ?.trim();
    if (name && !NO_NAME.test(name)) return name.replace(/[{}]/g, "");
  }
  return null;
}

/** The name that the request gives the program, as it is written; null when it gives none. */
export function readName(text: string): string | null {
  return firstGroup(NAMED, text);
}

/** The new name that a change asks for. */
export function readRename(text: string): string | null {
  return firstGroup(RENAMED, text);
}

/** The name as folder, package and command: ASCII letters, digits and `_`; null when nothing of it is left. */
export function identifierOf(name: string): string | null {
  const plain = name
    .normalize("NFKD")
    .replace(/['’]/g, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+/, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  if (plain.length < 2) return null;
  return TAKEN.has(plain) ? `${plain}_app` : plain;
}
