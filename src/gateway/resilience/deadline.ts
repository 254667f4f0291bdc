/** A signal that is aborted by any of others, or when a deadline passes that may be moved. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** moves the deadline to so many milliseconds from now */
  extend(ms: number): void;
  /** Lets go of the other signals and the timer. Must be called. */
  release(): void;
}

export function deadline(ms: number, signals: AbortSignal[]): Deadline {
  const controller = new AbortController();
  const late = () => controller.abort(new DOMException("The answer took too long.", "TimeoutError"));
  let timer = setTimeout(late, ms);
  const passOn = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener("abort", passOn);
  }
  return {
    signal: controller.signal,
    extend(more) {
      clearTimeout(timer);
      timer = setTimeout(late, more);
    },
    release() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", passOn);
    },
  };
}
