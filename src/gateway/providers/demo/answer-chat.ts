import type { MessagesRequest } from "#gateway/messages-wire.ts";
import type { Human } from "./design.ts";
import { detectHuman } from "./detect-language.ts";
import { openingOf, promptParts, spokenText, wishOf } from "./read-request.ts";

const CHAT: Record<Human, (said: string) => string> = {
  en: (said) => `Demo model, scripted: add a key for real work. You wrote: “${said}”`,
  ko: (said) =>
    `스크립트로 움직이는 데모 모델입니다. 실제 작업에는 키를 추가하세요. (Demo model, scripted: add a key for real work.) 받은 말: “${said}”`,
  ja: (said) =>
    `台本どおりに答えるデモモデルです。実際の作業にはキーを追加してください。(Demo model, scripted: add a key for real work.) 受け取った言葉: 「${said}」`,
};
const NO_LANGUAGE: Record<Human, string> = {
  en: "Demo model, scripted: it writes Python, JavaScript and TypeScript only, and this workspace has none of them.",
  ko: "스크립트 데모 모델은 Python, JavaScript, TypeScript만 쓸 수 있는데, 이 작업 공간에는 셋 다 없습니다.",
  ja: "スクリプト式デモモデルは Python と JavaScript と TypeScript しか書けませんが、このワークスペースにはどれもありません。",
};

/** What the person said last, without what an agent CLI adds for the model. */
export function lastSaid(request: MessagesRequest): string {
  const texts = request.messages
    .filter((message) => message.role === "user")
    .map(spokenText)
    .filter((text) => text !== "");
  return openingOf(texts.at(-1) ?? "");
}

export function chatText(request: MessagesRequest): string {
  const said = lastSaid(request);
  const characters = [...said.replace(/\s+/g, " ")];
  const shown = characters.length > 120 ? `${characters.slice(0, 120).join("")}…` : characters.join("");
  return CHAT[detectHuman(said)](shown);
}

export function noLanguageText(request: MessagesRequest): string {
  return NO_LANGUAGE[detectHuman(wishOf(promptParts(request)))];
}
