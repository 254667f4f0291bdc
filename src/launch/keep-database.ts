import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";

export interface KeptDatabase {
  url: string;
  /** in words, for the terminal */
  where: string;
  stop(): Promise<void>;
}

interface Options {
  home: string;
  password: string;
  say(text: string): void;
}

const PAUSE_MS = 500;

/** The database that DATABASE_URL names, or the embedded one, which is started again whenever it ends. */
export async function keepDatabase(given: string | undefined, options: Options): Promise<KeptDatabase> {
  if (given !== undefined) return { url: given, where: "as DATABASE_URL says", stop: async () => undefined };
  let server = await startEmbeddedPostgres(options);
  let stopping = false;
  const keep = async (): Promise<void> => {
    for (;;) {
      await server.exited;
      if (stopping) return;
      options.say("ended; starting it again");
      try {
        server = await startEmbeddedPostgres(options);
        options.say("ready again");
      } catch (error) {
        options.say(error instanceof Error ? error.message : String(error));
        await sleep(PAUSE_MS, undefined, { ref: false });
      }
      if (stopping) await server.stop();
    }
  };
  const kept = keep();
  return {
    url: server.url,
    where: "embedded, on a private socket",
    async stop() {
      stopping = true;
      await server.stop();
      await kept;
    },
  };
}
