import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhen,
  SamplingBreaker,
} from "cockatiel";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import {
  CIRCUIT_FAILING_SHARE,
  CIRCUIT_LEAST_CALLS,
  CIRCUIT_OPEN_MS,
  CIRCUIT_WINDOW_MS,
} from "#gateway/tunables.ts";
import { AppError } from "#platform/errors.ts";

/** Statuses by which a provider says that it, not the request, is in trouble. */
const TROUBLE = new Set([408, 429, 500, 502, 503, 504, 529]);

export function isTrouble(status: number): boolean {
  return TROUBLE.has(status);
}

export interface CircuitSettings {
  /** calls within the window before it may open */
  leastCalls?: number;
  openMs?: number;
}

/** One circuit for each provider and model: a service that keeps failing is left alone for a while. */
export class Circuits {
  readonly #circuits = new Map<string, CircuitBreakerPolicy>();
  readonly #settings: CircuitSettings;
  readonly #onChange: (circuit: string, open: boolean) => void;

  constructor(settings: CircuitSettings, onChange: (circuit: string, open: boolean) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
  }

  /** @throws AppError unavailable while the circuit is open, or what the call throws */
  async through(
    provider: string,
    model: string,
    ask: () => Promise<UpstreamAnswer>,
  ): Promise<UpstreamAnswer> {
    try {
      return await this.#of(`${provider}/${model}`).execute(ask);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#refusal(provider, model);
      throw error;
    }
  }

  isOpen(provider: string, model: string): boolean {
    return this.#circuits.get(`${provider}/${model}`)?.state === CircuitState.Open;
  }

  #refusal(provider: string, model: string): AppError {
    const seconds = Math.ceil((this.#settings.openMs ?? CIRCUIT_OPEN_MS) / 1000);
    return new AppError(
      "unavailable",
      `${provider} keeps failing for ${model}, so it is left alone for a moment. Try again in ${seconds} s.`,
      { details: { retryAfterSeconds: seconds } },
    );
  }

  #of(name: string): CircuitBreakerPolicy {
    let circuit = this.#circuits.get(name);
    if (!circuit) {
      const least = this.#settings.leastCalls ?? CIRCUIT_LEAST_CALLS;
      const failing = handleWhen(countsAgainst).orWhenResult((answer) =>
        isTrouble((answer as UpstreamAnswer).status),
      );
      circuit = circuitBreaker(failing, {
        halfOpenAfter: this.#settings.openMs ?? CIRCUIT_OPEN_MS,
        breaker: new SamplingBreaker({
          threshold: CIRCUIT_FAILING_SHARE,
          duration: CIRCUIT_WINDOW_MS,
          minimumRps: (least * 1000) / CIRCUIT_WINDOW_MS,
        }),
      });
      circuit.onStateChange((state) => this.#onChange(name, state === CircuitState.Open));
      this.#circuits.set(name, circuit);
    }
    return circuit;
  }
}

/** Not when the caller left, or we stop: that says nothing of the provider. */
function countsAgainst(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === "timeout" || error.code === "upstream_failed") &&
    !error.details.left
  );
}
