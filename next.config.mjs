import createNextIntlPlugin from "next-intl/plugin";

const withIntl = createNextIntlPlugin("./src/app/_locale/request-config.ts");

/** @type {import("next").NextConfig} */
export default withIntl({
  poweredByHeader: false,
  devIndicators: false,
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "pino", "socket.io"],
  // `npm run validate` checks types; here it would double the time that an installation takes.
  typescript: { ignoreBuildErrors: true },
});
