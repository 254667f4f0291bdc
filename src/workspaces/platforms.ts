import { AppError, isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { HostReport, RunnerHost, WorkspaceDriver } from "#workspaces/driver.ts";

/** The drivers of one runner, as far as they work on its host. */
export class Platforms {
  readonly #drivers: WorkspaceDriver[];
  readonly #log: Logger;
  readonly #reports = new Map<string, HostReport>();

  constructor(drivers: WorkspaceDriver[], log: Logger) {
    this.#drivers = drivers;
    this.#log = log;
  }

  /** Tries each platform: one that does not work is not used, as long as another does. @throws AppError unavailable */
  async probe(): Promise<RunnerHost> {
    let reason: unknown = new AppError("unavailable", "There is no driver.");
    for (const driver of this.#drivers) {
      try {
        this.#reports.set(driver.name, await driver.probe());
      } catch (error) {
        const why = isAppError(error) ? error.message : String(error);
        this.#log.info({ driver: driver.name, why }, "no workspaces by this driver");
        reason = error;
      }
    }
    const [first] = this.#reports.values();
    if (!first) throw reason;
    return { ...first, drivers: [...this.#reports.keys()] };
  }

  report(name: string): HostReport | undefined {
    return this.#reports.get(name);
  }

  usable(): WorkspaceDriver[] {
    return this.#drivers.filter(({ name }) => this.#reports.has(name));
  }

  /** The one of that name; for a workspace that was never made, the one that it would get. @throws AppError unavailable */
  named(name: string | undefined): WorkspaceDriver {
    const usable = this.usable();
    const found = name === undefined ? usable[0] : usable.find((driver) => driver.name === name);
    if (found) return found;
    throw new AppError(
      "unavailable",
      `This workspace lives in ${name ?? "no driver"}, which this runner does not have now.`,
    );
  }
}
