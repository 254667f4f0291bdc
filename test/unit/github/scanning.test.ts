import { expect, test } from "vitest";
import { scanText } from "#github/scanning/scan-texts.ts";

// Put together here, so that no scanner takes this file for a leak.
const KEY = ["ghp", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("_");

test.each(["", "// secretlint-disable\n", "/* secretlint-disable-next-line */\n"])(
  "a key is found behind %j",
  async (comment) => {
    const found = await scanText(
      "config.js",
      `${comment}export const token = "${KEY}"; // secretlint-disable-line\n`,
    );
    expect(found).toMatchObject([{ path: "config.js", line: comment === "" ? 1 : 2 }]);
    expect(JSON.stringify(found)).not.toContain(KEY.slice(8));
  },
);

test("a text without a key has nothing", async () => {
  expect(await scanText("a.js", "export const a = 1;\n")).toEqual([]);
});
