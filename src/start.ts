import { runHouse } from "#launch/house.ts";
import { tellError } from "#launch/tell-error.ts";

// `npm start`: everything on one machine. With `--dev`, `npm run dev`.
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // npm passes on a Ctrl-C that the terminal has sent to us already: the second changes nothing.
  process.on(name, () => stop.abort());
}
try {
  await runHouse({ environment: process.env, dev: process.argv.includes("--dev"), stop: stop.signal });
} catch (error) {
  tellError(error);
}
process.exit();
