import { z } from "zod";
import { Model } from "#api/schema/connection.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

/** How long an answer of the gateway is good for, and how long to wait for one. Milliseconds. */
const FRESH_MS = 10_000;
const TIMEOUT_MS = 3_000;

/** For whoever has chosen none: good at programs, at a fifth of the price of the dearest. */
const PREFERRED = "claude-sonnet-5-5";

const Answer = z.object({ models: z.array(Model) });

/** The models that the gateway offers. */
export interface Models {
  /** @throws AppError unavailable */
  list(): Promise<Model[]>;
  /** what an agent without a model of its own gets: a real model where there is one, else the scripted */
  defaultModel(): Promise<string | undefined>;
  /** @throws AppError bad_request, naming what is offered */
  require(id: string): Promise<void>;
}

export function createModels(gatewayUrl: string, log: Logger): Models {
  let kept: { at: number; models: Model[] } | null = null;

  async function list(): Promise<Model[]> {
    if (kept && Date.now() - kept.at < FRESH_MS) return kept.models;
    try {
      const response = await fetch(new URL("/models.json", gatewayUrl), {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the gateway answered ${response.status}`);
      kept = { at: Date.now(), models: Answer.parse(await response.json()).models };
      return kept.models;
    } catch (error) {
      log.warn({ err: error }, "cannot ask the gateway for its models");
      // Models change rarely: the last answer is better than none.
      if (kept) return kept.models;
      throw new AppError("unavailable", "The model gateway does not answer. Try again.", { cause: error });
    }
  }

  return {
    list,
    async defaultModel() {
      const models = await list().catch(() => {
        // Told in the log by list(); the run starts with the engine's own default.
        return [];
      });
      const preferred = models.find((model) => model.id === PREFERRED);
      return (preferred ?? models.find((model) => !model.scripted) ?? models[0])?.id;
    },
    async require(id) {
      const models = await list();
      if (models.some((model) => model.id === id)) return;
      const offered = models.map((model) => model.id).join(", ") || "none";
      throw new AppError("bad_request", `model: "${id}" is not offered. Offered: ${offered}.`);
    },
  };
}
