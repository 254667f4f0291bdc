import type { Kind } from "../design.ts";
import { CONVERTER } from "./cli/converter.ts";
import { COUNTER } from "./cli/counter.ts";
import { EXPENSES, NOTES, RECORDS, TODO } from "./cli/keeper.ts";
import { MONITOR } from "./cli/monitor.ts";
import { CRAWLER } from "./crawler/crawler.ts";
import { GUESS, TIC_TAC_TOE } from "./game/game.ts";
import { INTERVALS } from "./library/intervals.ts";
import { ROMAN } from "./library/roman.ts";
import { SLUGIFY } from "./library/slugify.ts";
import { TEMPERATURE } from "./library/temperature.ts";
import { TEXT_STATISTICS } from "./library/text-statistics.ts";
import { LIST_PAGE } from "./page/page.ts";
import type { Variant } from "./project.ts";
import { FIGURES, SALES, SPENDING, SURVEY, TEMPERATURES } from "./report/report.ts";
import { ITEM_SERVICE, NOTE_SERVICE, TASK_SERVICE } from "./service/service.ts";

/** Every program that the demo model can write; the last of each kind stands in when nothing else fits. */
export const VARIANTS: Record<Kind, Variant[]> = {
  cli: [TODO, NOTES, EXPENSES, CONVERTER, COUNTER, MONITOR, RECORDS],
  library: [ROMAN, SLUGIFY, TEMPERATURE, INTERVALS, TEXT_STATISTICS],
  report: [SALES, SPENDING, SURVEY, TEMPERATURES, FIGURES],
  service: [TASK_SERVICE, NOTE_SERVICE, ITEM_SERVICE],
  page: [LIST_PAGE],
  game: [TIC_TAC_TOE, GUESS],
  crawler: [CRAWLER],
};

export function variantOf(kind: Kind, id: string): Variant | undefined {
  return VARIANTS[kind].find((variant) => variant.id === id);
}
