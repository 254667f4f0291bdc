import type { Proof } from "#engines/builder/repairs/prove-and-repair.ts";
import type { Human } from "#engines/builder/wording.ts";

/** names in one sentence for a person; the rest is counted */
const NAMES_TOLD = 10;

/** What a person should know of the repairs before the result is taken: sentences behind the report. */
export function tellRepairs(human: Human, { check, attempts, stopped }: Proof): string[] {
  const words = WORDS[human];
  const { failing = [], passing = [] } = check;
  const tests = [...new Set(attempts.flatMap(({ testsChanged = [] }) => testsChanged))];
  return [
    stopped?.why === "no headway" ? words.noHeadway : null,
    stopped?.why === "over cap" ? `${words.overCap} ${stopped.refused ?? words.noMoney}` : null,
    failing.length > 0 ? words.failing(listed(failing)) : null,
    failing.length > 0 && passing.length > 0 ? words.passing(listed(passing)) : null,
    tests.length > 0 ? words.testsChanged(listed(tests)) : null,
  ].filter((sentence) => sentence !== null);
}

function listed(names: string[]): string {
  const rest = names.length - NAMES_TOLD;
  return [...names.slice(0, NAMES_TOLD), ...(rest > 0 ? [`(+${rest})`] : [])].join(", ");
}

interface Words {
  noHeadway: string;
  overCap: string;
  /** behind that, where nothing was asked for what is left */
  noMoney: string;
  failing: (names: string) => string;
  passing: (names: string) => string;
  testsChanged: (paths: string) => string;
}

const WORDS: Record<Human, Words> = {
  en: {
    noHeadway: "The last repairs brought nothing, another approach included, so no more were tried.",
    overCap: "Repairing stopped before it was done:",
    noMoney: "what is left of the run's money is less than another repair takes.",
    failing: (names) => `Not working: ${names}.`,
    passing: (names) => `Working: ${names}.`,
    testsChanged: (paths) =>
      `A repair changed tests and not only the program: ${paths}. See whether they still prove what you asked for.`,
  },
  ko: {
    noHeadway: "다른 방법까지 시도했지만 나아지지 않아 수정을 멈추었습니다.",
    overCap: "수정을 다 마치지 못하고 멈추었습니다:",
    noMoney: "실행에 남은 금액이 수정 한 번에 드는 금액보다 적습니다.",
    failing: (names) => `동작하지 않음: ${names}.`,
    passing: (names) => `동작함: ${names}.`,
    testsChanged: (paths) =>
      `수정 과정에서 프로그램뿐 아니라 테스트도 바뀌었습니다: ${paths}. 요청하신 내용을 여전히 증명하는지 살펴봐 주세요.`,
  },
  ja: {
    noHeadway: "別の方法も試しましたが改善しなかったため、修正を止めました。",
    overCap: "修正は終わる前に止まりました:",
    noMoney: "実行の残額が、もう一度の修正にかかる金額より少ないためです。",
    failing: (names) => `動かないもの: ${names}。`,
    passing: (names) => `動くもの: ${names}。`,
    testsChanged: (paths) =>
      `修正でプログラムだけでなくテストも変わりました: ${paths}。ご依頼の内容をまだ証明しているかご確認ください。`,
  },
};
