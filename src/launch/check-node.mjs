// Plain JavaScript on purpose: an older Node can read this file and say what is wrong; it cannot read TypeScript.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Carrel needs Node 22.18 or later, this is ${process.versions.node}: run \`npm install\`, which brings one, then \`npm start\``,
  );
  process.exit(1);
}
