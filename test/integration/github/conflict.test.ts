import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Author,
  approve,
  type PublishingDesk,
  startPublishingDesk,
  untilPublished,
} from "../../support/publishing.ts";

vi.setConfig({ testTimeout: 300_000 });

let desk: PublishingDesk;
let author: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  author = await desk.connect({ owner: "alice", name: "desk" });
  await desk.startPublisher();
}, 120_000);

afterAll(() => desk?.stop());

/** The first repair that is written down is lost, as if the runner ended there. */
const LOSE_FIRST = `
CREATE SEQUENCE repairs_told;
CREATE FUNCTION lose_first() RETURNS trigger AS $$
BEGIN
  IF nextval('repairs_told') = 1 THEN RAISE EXCEPTION 'lost'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER lose_first BEFORE INSERT ON github_repairs FOR EACH ROW EXECUTE FUNCTION lose_first()`;

test("a conflict and the offer to put it right are there together, or neither", async () => {
  const { db } = desk.database;
  const first = await approve(db, author, { "a.js": "one\n" });
  expect((await untilPublished(db, author, first)).publishing.state).toBe("published");
  const path = "/repos/alice/desk/contents/a.js";
  const there = await desk.fake.as<{ sha: string }>("alice", "GET", `${path}?ref=carrel/weather-desk`);
  await desk.fake.as("alice", "PUT", path, {
    branch: "carrel/weather-desk",
    message: "By hand",
    content: Buffer.from("person\n").toString("base64"),
    sha: there?.sha,
  });
  await db.pool.query(LOSE_FIRST);
  const second = await approve(db, author, { "a.js": "two\n" });
  const { publishing } = await untilPublished(db, author, second);
  expect(publishing.state).toBe("conflict");
  const { rows } = await db.pool.query("SELECT kind, state FROM github_repairs");
  expect(rows).toEqual([{ kind: "conflict", state: "offered" }]);
  // It was told again after the first time was lost.
  const told = await db.pool.query("SELECT last_value::int AS n FROM repairs_told");
  expect(told.rows).toEqual([{ n: 2 }]);
});
