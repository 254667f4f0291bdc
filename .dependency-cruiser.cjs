// The house's rule of imports: downhill, one room at a time. src/ reads from top to bottom as
//   composition roots -> {app, launch} -> {api, realtime} -> runs -> engines -> {workspaces, gateway, github, imports, billing}
//   -> {snapshots, events, ledger, agents} -> {accounts, tiers} -> platform
// A feature's top-level files are its face; its subfolders are private (pages may use its ui/).
const LAYERS = [
  ["app", "launch"],
  ["api", "realtime"],
  ["runs"],
  ["engines"],
  ["workspaces", "gateway", "github", "imports", "billing"],
  ["snapshots", "events", "ledger", "agents"],
  ["accounts", "tiers"],
  ["platform"],
];

const uphill = LAYERS.flatMap((rooms, level) => {
  const above = LAYERS.slice(0, level).flat();
  if (above.length === 0) return [];
  return [
    {
      name: `downhill-from-${rooms.join("-")}`,
      severity: "error",
      from: { path: `^src/(${rooms.join("|")})/` },
      to: { path: `^src/((${above.join("|")})/|[^/]+\\.tsx?$)` },
    },
  ];
});

const ROOM = "^src/(?!app/|ui/|platform/)([^/]+)/";

module.exports = {
  forbidden: [
    ...uphill,
    {
      name: "no-page-imports-a-root",
      severity: "error",
      from: { path: "^src/app/" },
      to: { path: "^src/[^/]+\\.tsx?$" },
    },
    { name: "ui-knows-no-feature", severity: "error", from: { path: "^src/ui/" }, to: { path: ROOM } },
    {
      name: "subfolders-are-private",
      severity: "error",
      from: { path: ROOM },
      to: { path: "^src/(?!app/|ui/|platform/)[^/]+/[^/]+/", pathNot: "^src/$1/" },
    },
    {
      name: "pages-see-faces-and-ui",
      severity: "error",
      from: { path: "^src/app/" },
      // api/schema: the shapes that pages and API agree on
      to: { path: "^src/(?!app/|ui/|platform/)[^/]+/(?!ui/)[^/]+/", pathNot: "^src/api/schema/" },
    },
    {
      name: "drivers-only-inside-workspaces",
      severity: "error",
      from: { pathNot: "^src/workspaces/" },
      to: { path: "^src/workspaces/drivers/" },
    },
    {
      name: "browser-code-stays-in-the-browser",
      severity: "error",
      from: { path: "^src/(ui/|[^/]+/ui/)" },
      to: { path: "^src/(platform/|[^/]+/(?!ui/))", pathNot: "^src/ui/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "routes-have-no-ui",
      severity: "error",
      from: { path: "/route\\.ts$" },
      to: { path: "^src/(ui/|[^/]+/ui/)" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "nothing-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/platform/prisma/" },
    // What starts with # or a dot was not found; it has to stay in sight for the rule that forbids it.
    includeOnly: "^((src|workspace-image)/|#|\\.)",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
