import type { Texts } from "../../design.ts";

/** Texts that every game has. */
export const GAME_MESSAGES: Record<string, Texts> = {
  over: {
    en: "The input has ended, and the game with it.",
    ko: "입력이 끝나 게임을 마칩니다.",
    ja: "入力が終わったので、ゲームを終わります。",
  },
  help_seed: {
    en: "the same number plays the same game",
    ko: "같은 숫자는 같은 게임이 됩니다",
    ja: "同じ数なら同じゲームになる",
  },
  help_auto: {
    en: "let the program play for you",
    ko: "프로그램이 대신 둡니다",
    ja: "プログラムが代わりに遊ぶ",
  },
};

export const GAME_PURPOSE = {
  chance: {
    en: "random numbers that can be repeated",
    ko: "되풀이할 수 있는 난수",
    ja: "繰り返せる乱数",
  },
  rules: {
    en: "the rules, without a terminal",
    ko: "규칙 (터미널 없이)",
    ja: "規則 (端末なし)",
  },
  player: { en: "how the program plays", ko: "프로그램이 두는 방법", ja: "プログラムの遊び方" },
} satisfies Record<string, Texts>;

/** How a person plays it, for the README. */
export const PLAY_IT: Texts = {
  en: "Without `--auto` you play it yourself: it asks, and you answer with a number and Enter.",
  ko: "`--auto` 없이 시작하면 직접 합니다. 물음에 숫자를 적고 Enter를 누르세요.",
  ja: "`--auto` なしなら自分で遊びます。問いに数を入力して Enter を押してください。",
};

export const TIC_TAC_TOE_MESSAGES: Record<string, Texts> = {
  description: {
    en: "Tic-tac-toe on the terminal, against a program that never loses.",
    ko: "터미널에서 하는 틱택토입니다. 상대 프로그램은 지지 않습니다.",
    ja: "端末で遊ぶ三目並べです。相手のプログラムは負けません。",
  },
  ask: { en: "Your move, 1 to 9: ", ko: "둘 곳(1~9): ", ja: "置く場所 (1〜9): " },
  bad: {
    en: "“{value}” is not a free place.",
    ko: "“{value}”은(는) 빈칸이 아닙니다.",
    ja: "「{value}」は空いた場所ではありません。",
  },
  won: { en: "{player} has won.", ko: "{player}의 승리입니다.", ja: "{player} の勝ちです。" },
  drawn: { en: "Nobody has won.", ko: "비겼습니다.", ja: "引き分けです。" },
};

export const GUESS_MESSAGES: Record<string, Texts> = {
  description: {
    en: "Guess the number between 1 and {most} in as few tries as you can.",
    ko: "1부터 {most}까지의 숫자를 되도록 적은 횟수로 맞히는 게임입니다.",
    ja: "1 から {most} までの数をできるだけ少ない回数で当てるゲームです。",
  },
  ask: { en: "Your guess: ", ko: "숫자: ", ja: "数: " },
  bad: {
    en: "“{value}” is not a whole number between 1 and {most}.",
    ko: "“{value}”은(는) 1부터 {most}까지의 정수가 아닙니다.",
    ja: "「{value}」は 1 から {most} までの整数ではありません。",
  },
  higher: {
    en: "{guess}: it is higher.",
    ko: "{guess}: 더 큽니다.",
    ja: "{guess}: もっと大きい数です。",
  },
  lower: {
    en: "{guess}: it is lower.",
    ko: "{guess}: 더 작습니다.",
    ja: "{guess}: もっと小さい数です。",
  },
  right: {
    en: "{guess} is right, after {tries} tries.",
    ko: "{guess}, 맞았습니다. {tries}번 만입니다.",
    ja: "{guess}、正解です。{tries} 回で当たりました。",
  },
};
