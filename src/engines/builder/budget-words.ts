import type { Human } from "#engines/builder/wording.ts";
import type { BudgetFigures } from "#events/vocabulary.ts";

/** Sums as a person reads them; null: not known, or no such cap now. */
interface Sums {
  spent: string;
  /** a range */
  rest: string | null;
  left: string | null;
  limit: string | null;
  cap: BudgetFigures["cap"];
}

const EN = ({ spent, rest, left, limit, cap }: Sums) => {
  const caps = {
    run: ["the run's ceiling", "the run's ceiling"],
    agent: ["this agent's ceiling", "the ceiling in the agent's settings"],
    month: ["this month's budget", "the budget on the usage page"],
    site: ["this installation's budget for the month", "it (the operator can)"],
  } as const;
  const so = rest ? `${spent} is spent, and ${rest} is expected still` : `${spent} is spent`;
  if (cap === null) return `${so}. Go on?`;
  const [name, where] = caps[cap];
  return `${so}; ${left} is left of ${name} (${limit}). Raise ${where} and go on, or go on as far as the rest reaches.`;
};

const KO = ({ spent, rest, left, limit, cap }: Sums) => {
  const caps = {
    run: ["이 실행의 상한", "실행의 상한을"],
    agent: ["이 에이전트의 상한", "에이전트 설정에서 상한을"],
    month: ["이번 달 예산", "사용량 페이지에서 예산을"],
    site: ["이 설치의 이번 달 예산", "운영자에게 요청해 예산을"],
  } as const;
  const so = rest
    ? `지금까지 ${spent}를 썼고 앞으로 ${rest}가 들 것으로 보입니다.`
    : `지금까지 ${spent}를 썼습니다.`;
  if (cap === null) return `${so} 계속할까요?`;
  const [name, where] = caps[cap];
  return `${so} ${name}(${limit}) 가운데 ${left}가 남았습니다. ${where} 올린 뒤 계속하거나, 남은 금액이 허용하는 데까지 계속할 수 있습니다.`;
};

const JA = ({ spent, rest, left, limit, cap }: Sums) => {
  const caps = {
    run: ["この実行の上限", "実行の上限"],
    agent: ["このエージェントの上限", "エージェントの設定で上限"],
    month: ["今月の予算", "使用量のページで予算"],
    site: ["この環境の今月の予算", "運用者に頼んで予算"],
  } as const;
  const so = rest
    ? `これまでに ${spent} を使い、今後 ${rest} かかる見込みです。`
    : `これまでに ${spent} を使いました。`;
  if (cap === null) return `${so}続けますか。`;
  const [name, where] = caps[cap];
  return `${so}${name}（${limit}）の残りは ${left} です。${where}を引き上げて続けるか、残額の範囲で続けることができます。`;
};

const WORDS: Record<Human, (sums: Sums) => string> = { en: EN, ko: KO, ja: JA };

/** What a run that nears a cap says: what was spent, what is expected still, what is left, and what can be done. */
export function sayBudget(human: Human, figures: BudgetFigures): string {
  const { lowMicroUsd: low, highMicroUsd: high, leftMicroUsd: left, limitMicroUsd: limit } = figures;
  return WORDS[human]({
    cap: figures.cap,
    spent: dollars(figures.spentMicroUsd),
    rest: low === null || high === null ? null : `${dollars(low)}–${dollars(high)}`,
    left: left === null ? null : dollars(left),
    limit: limit === null ? null : dollars(limit),
  });
}

/** As pages show sums: cents from a dollar on, four digits below. */
function dollars(micro: number): string {
  const places = micro >= 1_000_000 || micro === 0 ? 2 : 4;
  const step = 10 ** (6 - places);
  // Rounded as a whole number: halves have no exact binary fraction.
  return `$${(Math.round(micro / step) / 10 ** places).toFixed(places)}`;
}
