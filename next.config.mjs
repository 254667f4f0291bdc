/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  // `npm run validate` checks the types, of everything and once.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "pino", "socket.io"],
};
