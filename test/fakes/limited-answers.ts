import type { Question, ScriptedAnswer } from "./scripted-model.ts";

type Script = (question: Question) => ScriptedAnswer;

/** A model that gives no more than `cut` leaves of each answer, and goes on behind what it sees when it is asked to. */
export function limitedAnswers(script: Script, cut: (rest: string) => string): Script {
  return (question) => {
    const [said, asked] = continued(question);
    const answer = script(asked);
    const whole = answer.tool ? JSON.stringify(answer.tool.input) : (answer.text ?? "");
    if (!whole.startsWith(said)) throw new Error(`asked to go on behind what was never said: ${said}`);
    const rest = whole.slice(said.length);
    const given = cut(rest);
    const stopReason = given.length < rest.length ? "max_tokens" : undefined;
    if (said !== "" || !answer.tool) return { ...answer, tool: undefined, text: given, stopReason };
    return { ...answer, tool: { ...answer.tool, json: given }, stopReason };
  };
}

/** What was said before the question, and the question that it began to answer. */
function continued(question: Question): [string, Question] {
  const [said, goOn] = question.messages.slice(-2);
  if (said?.role !== "assistant" || !String(goOn?.content).includes("cut off")) return ["", question];
  return [String(said.content), { ...question, messages: question.messages.slice(0, -2) }];
}

/** At about four bytes a token, and never within a character. */
export function cutToTokens(tokens: number): (text: string) => string {
  return (text) => {
    let bytes = 0;
    let end = 0;
    for (const character of text) {
      bytes += Buffer.byteLength(character);
      if (bytes > tokens * 4) break;
      end += character.length;
    }
    return text.slice(0, end);
  };
}
