import { generateDatabaseClient } from "#launch/database-client.ts";
import { tellError } from "#launch/tell-error.ts";
import { buildWeb } from "#launch/web-build.ts";

// What `npm install` ends with: the database client and the pages are made from their sources, where they changed.
try {
  await generateDatabaseClient(process.env);
  const started = Date.now();
  if (await buildWeb(process.env))
    console.log(`Carrel's pages were built in ${Math.round((Date.now() - started) / 1000)} s.`);
} catch (error) {
  tellError(error);
}
