import type { NewEvent } from "#events/log.ts";
import type { EventBody } from "#events/vocabulary.ts";
import type { EventWriter } from "#runs/execution/event-writer.ts";
import type { Told } from "#runs/execution/told.ts";

/** Says the events of one step. What an earlier execution of it has said already is not said again. */
export class Teller {
  readonly #writer: EventWriter;
  readonly #key: string;
  readonly #label: { step?: string };
  readonly #told: Told;
  /** of this execution: events that are no output, the opening included, and the output since the last of them */
  #acts = 1;
  #heard: Parameters<Told["untold"]>[0] = new Map();

  /** `label`: what the events show as their step; null: nothing */
  constructor(writer: EventWriter, key: string, told: Told, label: string | null = key) {
    this.#writer = writer;
    this.#key = key;
    this.#label = label === null ? {} : { step: label };
    this.#told = told;
  }

  first(body: EventBody): NewEvent {
    return { body: { ...body, step: this.#key } as EventBody, stepKey: this.#key, stepOrdinal: 1 };
  }

  /** The work begins again: its first event is the one behind the opening. */
  rewind(): void {
    this.#acts = 1;
    this.#heard = new Map();
  }

  async say(body: EventBody): Promise<void> {
    if (body.type === "output") {
      // Behind it the log holds what came after the output's end: all of it was told.
      if (this.#acts < this.#told.acts) return;
      const text = this.#told.untold(this.#heard, body);
      if (text !== "") await this.#tell({ ...body, text });
      return;
    }
    this.#acts += 1;
    this.#heard = new Map();
    if (this.#acts > this.#told.acts) await this.#tell(body);
  }

  last(body: EventBody): NewEvent {
    return {
      body: { ...body, step: this.#key } as EventBody,
      stepKey: this.#key,
      stepOrdinal: this.#told.count + 1,
    };
  }

  async #tell(body: EventBody): Promise<void> {
    this.#told.add(body);
    const stepOrdinal = this.#told.count;
    // Words for the person belong to the conversation, not to a step.
    const step = body.type === "agent_message_chunk" ? {} : this.#label;
    await this.#writer.say({ body: { ...body, ...step }, stepKey: this.#key, stepOrdinal });
  }
}
