import type { Design, Texts } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { inHuman, type Module, type Program, writeProject } from "../write-project.ts";
import { chanceModule, javascriptGameMain } from "./game-javascript.ts";
import { pythonGameMain } from "./game-python.ts";
import { GAME_MESSAGES, GAME_PURPOSE, GUESS_MESSAGES, PLAY_IT, TIC_TAC_TOE_MESSAGES } from "./game-texts.ts";
import { guessPlayJs, guessRulesJs, guessTestsJs } from "./guess-javascript.ts";
import { guessPlay, guessRules, guessTests } from "./guess-python.ts";
import {
  ticTacToePlayerJs,
  ticTacToePlayJs,
  ticTacToeRulesJs,
  ticTacToeTestsJs,
} from "./tic-tac-toe-javascript.ts";
import { ticTacToePlay, ticTacToePlayer, ticTacToeRules, ticTacToeTests } from "./tic-tac-toe-python.ts";

const PLAY: Texts = { en: "one game", ko: "게임 한 판", ja: "ゲーム一回" };

const module = (name: string, purpose: Texts, needs: string[], content: string): Module => ({
  name,
  purpose,
  needs,
  content,
});

/** What of a game is not the same in all of them. */
interface Game {
  texts: Record<string, Texts>;
  /** numbers for the texts */
  places: Record<string, number>;
  modules: Module[];
  tests: string;
}

function ticTacToe(design: Design): Game {
  const python = design.language === "python";
  const chance = python ? [] : ["chance"];
  return {
    texts: TIC_TAC_TOE_MESSAGES,
    places: {},
    modules: [
      module("rules", GAME_PURPOSE.rules, [], python ? ticTacToeRules() : ticTacToeRulesJs()),
      module(
        "player",
        GAME_PURPOSE.player,
        ["rules", ...chance],
        python ? ticTacToePlayer() : ticTacToePlayerJs(),
      ),
      module(
        "play",
        PLAY,
        ["rules", "player", "messages", ...chance],
        python ? ticTacToePlay() : ticTacToePlayJs(),
      ),
    ],
    tests: python ? ticTacToeTests(design) : ticTacToeTestsJs(design),
  };
}

function guess(design: Design): Game {
  const python = design.language === "python";
  const most = design.numbers[0] ?? 100;
  return {
    texts: GUESS_MESSAGES,
    places: { most },
    modules: [
      module("rules", GAME_PURPOSE.rules, [], python ? guessRules(most) : guessRulesJs(most)),
      module(
        "play",
        PLAY,
        ["rules", "messages", ...(python ? [] : ["chance"])],
        python ? guessPlay() : guessPlayJs(),
      ),
    ],
    tests: python ? guessTests(design, most) : guessTestsJs(design, most),
  };
}

function render(design: Design): Project {
  const { texts, places, modules, tests } =
    design.variant === "tictactoe" ? ticTacToe(design) : guess(design);
  const messages = { ...inHuman(texts, design), ...inHuman(GAME_MESSAGES, design) };
  const description = (messages.description ?? "").replace("{most}", String(places.most));
  const program: Program = {
    intro: description,
    messages: { ...messages, description },
    modules,
    entry: pythonGameMain(design, 'say("description")'),
    tests,
    shown: ["--auto --seed 7", "--help"],
    run: ["--auto"],
    more: [PLAY_IT[design.human]],
  };
  if (design.language === "python") return writeProject(design, program);
  return writeProject(design, {
    ...program,
    modules: [module("chance", GAME_PURPOSE.chance, [], chanceModule()), ...modules],
    entry: javascriptGameMain(design, 'say("description")'),
  });
}

const TIC_TAC_TOE_WORDS = /tic-?tac-?toe|noughts and crosses|틱택토|삼목|三目並べ|○×|マルバツ/i;
export const TIC_TAC_TOE: Variant = {
  id: "tictactoe",
  defaultName: "tic_tac_toe",
  words: TIC_TAC_TOE_WORDS,
  phrases: TIC_TAC_TOE_WORDS,
  label: { en: "tic-tac-toe", ko: "틱택토", ja: "三目並べ" },
  render,
};
export const GUESS: Variant = {
  id: "guess",
  defaultName: "guess_number",
  words: /\bguess|추측|맞히기|맞추기|数当て|推測/i,
  phrases: /\bguess(ing)? (the |a )?numbers?|number[- ]guess|숫자\s?(맞히기|맞추기|추측)|数当て/i,
  label: { en: "guess the number", ko: "숫자 맞히기", ja: "数当て" },
  render,
};

/** The largest number of "from 1 to 50", "1부터 50까지", "1から50まで". */
export function readMost(text: string): number[] {
  const found = /\b1\s*(?:to|and|-|–|~|〜|부터|에서|から)\s*(\d{1,6})/i.exec(text)?.[1];
  return Number(found) >= 10 ? [Number(found)] : [];
}
