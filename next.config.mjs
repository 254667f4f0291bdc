import { readFileSync } from "node:fs";
import path from "node:path";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_SERVER } from "next/constants.js";

/**
 * Each build has a directory of its own below .next, and .next/current names the newest: a server that runs keeps the
 * files that it began with while the pages are built anew (src/launch/web-build.ts).
 */
function buildDirectory() {
  if (process.env.CARREL_WEB_BUILD) return process.env.CARREL_WEB_BUILD;
  try {
    return path.join(".next", readFileSync(path.join(import.meta.dirname, ".next/current"), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return ".next";
    throw error;
  }
}

/** @returns {Promise<import("next").NextConfig>} */
export default async function configure(phase) {
  const config = settings(phase);
  // It compiles; a server of pages that were built needs neither it nor the compiler that it loads.
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  const { default: createNextIntlPlugin } = await import("next-intl/plugin");
  return createNextIntlPlugin("./src/app/_locale/request-config.ts")(config);
}

/** @returns {import("next").NextConfig} */
function settings(phase) {
  const distDir = phase === PHASE_DEVELOPMENT_SERVER ? ".next" : buildDirectory();
  return {
    poweredByHeader: false,
    distDir,
    serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "pino", "socket.io"],
    // It would stand on the user's menu.
    devIndicators: false,
    experimental: {
      // An installation builds once: a cache of 100 MB for the next build costs half as much again as the build itself.
      turbopackFileSystemCacheForBuild: false,
      // A cache of an earlier session can make a page reload for ever ("HMR hash mismatch").
      turbopackFileSystemCacheForDev: false,
    },
    typescript: {
      // `npm run validate` checks the types, of everything and once.
      ignoreBuildErrors: true,
      // Next adds the directory of its types to this file: to one of the build's own, not to ours.
      ...(process.env.CARREL_WEB_BUILD ? { tsconfigPath: `${distDir}.tsconfig.json` } : {}),
    },
  };
}
