import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBytes } from "#api/handling/read-body.ts";
import { createGitHub, type GitHub } from "#github/app.ts";
import { type Delivery, INBOX_CHANNEL, receiveDelivery } from "#github/receive-delivery.ts";
import { createLogger } from "#platform/log.ts";
import { startInboxWorker } from "#runs/inbox-worker.ts";
import { type GitHubDesk, openGitHubDesk, SEALED_FOR_TESTS } from "../../support/github.ts";

let desk: GitHubDesk;
const log = createLogger("test", "silent");

beforeAll(async () => {
  desk = await openGitHubDesk();
});
afterAll(() => desk?.close());

function signed(payload: object, secret = desk.fake.state.app.webhookSecret) {
  const body = Buffer.from(JSON.stringify(payload));
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return { id: randomUUID(), event: "installation", signature, body };
}

const receive = (github: GitHub, delivery: Omit<Delivery, "body"> & { body: Uint8Array }) =>
  receiveDelivery(desk.db, github, { ...delivery, body: async () => delivery.body });

const rows = async () =>
  (
    await desk.db.pool.query(
      "SELECT delivery_id, type, processed_at, attempts, error FROM inbox ORDER BY received_at",
    )
  ).rows;

test("a delivery is kept once, however often it comes", async () => {
  const delivery = signed({ action: "created", installation: { id: 1 } });
  for (let n = 0; n < 3; n += 1) await receive(desk.github, delivery);
  expect(await rows()).toMatchObject([
    { delivery_id: delivery.id, type: "installation", processed_at: null },
  ]);
});

test("of what bears no signature nothing is read, and of what is too large no more than may be", async () => {
  const MiB = 1024 * 1024;
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 1;
      controller.enqueue(new Uint8Array(MiB));
    },
  });
  const request = new Request("http://localhost", {
    method: "POST",
    body: endless,
    duplex: "half",
  } as RequestInit);
  let asked = 0;
  const body = () => {
    asked += 1;
    return readBytes(request, 5 * MiB);
  };
  const unsigned = { ...signed({}), signature: null, body };
  await expect(receiveDelivery(desk.db, desk.github, unsigned)).rejects.toMatchObject({
    code: "unauthenticated",
  });
  expect(asked).toBe(0);
  await expect(receiveDelivery(desk.db, desk.github, { ...signed({}), body })).rejects.toMatchObject({
    code: "too_large",
  });
  // What the stream keeps ready beside what was read.
  expect(given).toBeLessThan(10);
});

test.each([
  [
    "a forged signature",
    (d: ReturnType<typeof signed>) => ({ ...d, signature: `sha256=${"0".repeat(64)}` }),
    "unauthenticated",
  ],
  ["no signature", (d: ReturnType<typeof signed>) => ({ ...d, signature: null }), "unauthenticated"],
  [
    "SHA-1",
    (d: ReturnType<typeof signed>) => ({ ...d, signature: `sha1=${"0".repeat(40)}` }),
    "unauthenticated",
  ],
  ["another secret", () => signed({}, "wrong"), "unauthenticated"],
  [
    "a changed body",
    (d: ReturnType<typeof signed>) => ({ ...d, body: Buffer.from("{} ") }),
    "unauthenticated",
  ],
  ["no delivery's id", (d: ReturnType<typeof signed>) => ({ ...d, id: "1" }), "bad_request"],
  ["no event", (d: ReturnType<typeof signed>) => ({ ...d, event: null }), "bad_request"],
  ["a body that is no object", () => signed([] as object), "bad_request"],
  [
    "a body that is no text",
    (d: ReturnType<typeof signed>) => ({ ...d, body: Buffer.from([0xff]) }),
    "bad_request",
  ],
])("%s is refused and leaves nothing", async (_what, change, code) => {
  const before = (await rows()).length;
  await expect(receive(desk.github, change(signed({ a: 1 })))).rejects.toMatchObject({
    code,
  });
  expect((await rows()).length).toBe(before);
});

test("without a secret nothing is believed, and it is said what to set", async () => {
  const bare = createGitHub({
    db: desk.db,
    log,
    apiUrl: desk.fake.url,
    webUrl: desk.fake.url,
    variables: {},
    keySecret: SEALED_FOR_TESTS,
  });
  const refused = receive(bare, signed({}, ""));
  await expect(refused).rejects.toMatchObject({
    code: "unavailable",
    details: { missing: expect.arrayContaining(["GITHUB_APP_WEBHOOK_SECRET"]) },
  });
});

test("an event that nobody handles is answered and not kept", async () => {
  const before = (await rows()).length;
  await receive(desk.github, { ...signed({ zen: "Keep it." }), event: "ping" });
  expect((await rows()).length).toBe(before);
});

test("of several workers each message is worked off by one; what fails is tried again and its reason kept", async () => {
  await desk.db.pool.query("DELETE FROM inbox");
  const seen: string[] = [];
  let failures = 2;
  const worker = () =>
    startInboxWorker({
      db: desk.db,
      databaseUrl: desk.url,
      channel: INBOX_CHANNEL,
      log,
      handlers: {
        github: async ({ payload }) => {
          const { n } = payload as { n: number };
          if (n === 7 && failures-- > 0) throw new Error("not yet");
          seen.push(String(n));
        },
      },
    });
  const workers = await Promise.all([worker(), worker(), worker()]);
  for (let n = 0; n < 40; n += 1) await receive(desk.github, signed({ n }));
  await expect
    .poll(async () => (await rows()).every((row) => row.processed_at !== null), { timeout: 30_000 })
    .toBe(true);
  expect(seen.toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => String(n)).toSorted());
  expect((await rows()).find((row) => row.attempts === 3)).toMatchObject({ error: null });
  await Promise.all(workers.map((one) => one.stop()));
});
