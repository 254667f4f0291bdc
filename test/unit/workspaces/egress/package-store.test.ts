import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

function integrityOf(content: Buffer, algorithm = "sha512"): string {
  return `${algorithm}-${createHash(algorithm).update(content).digest("base64")}`;
}

async function contentsOf(directory: string): Promise<string[]> {
  const place = path.join(directory, "content-v2");
  const files = (await readdir(place, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  const texts = files.map((file) => readFile(path.join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).sort();
}

describe("the store of packages", () => {
  test.each(["sha512", "sha256"])("keeps a file under its %s and gives it back", async (algorithm) => {
    const store = new PackageStore(await temporaryDirectory());
    const content = Buffer.from("a package");
    const integrity = integrityOf(content, algorithm);
    expect(await store.sizeOf(integrity)).toBeNull();
    await store.keep(integrity, async () => Readable.from([content]));
    expect(await store.sizeOf(integrity)).toBe(content.length);
    expect(await buffer(store.read(integrity))).toEqual(content);
  });

  test("what has another hash than the registry says is never kept", async () => {
    const store = new PackageStore(await temporaryDirectory());
    const integrity = integrityOf(Buffer.from("a package"));
    const poison = store.keep(integrity, async () => Readable.from([Buffer.from("poison")]));
    await expect(poison).rejects.toMatchObject({ code: "EINTEGRITY" });
    expect(await store.sizeOf(integrity)).toBeNull();
    // The same place takes the right thing.
    await store.keep(integrity, async () => Readable.from([Buffer.from("a package")]));
    expect((await buffer(store.read(integrity))).toString()).toBe("a package");
  });

  test("a transfer that breaks off leaves nothing", async () => {
    const store = new PackageStore(await temporaryDirectory());
    const integrity = integrityOf(Buffer.from("a package"));
    const broken = async () =>
      Readable.from(
        (function* () {
          yield Buffer.from("a pac");
          throw new Error("cut");
        })(),
      );
    await expect(store.keep(integrity, broken)).rejects.toThrow();
    expect(await store.sizeOf(integrity)).toBeNull();
  });

  test("many that want the same fetch it once", async () => {
    const store = new PackageStore(await temporaryDirectory());
    const content = Buffer.from("a package");
    let fetched = 0;
    const fetch = async () => {
      fetched += 1;
      return Readable.from([content]);
    };
    const integrity = integrityOf(content);
    await Promise.all([1, 2, 3, 4].map(() => store.keep(integrity, fetch)));
    expect(fetched).toBe(1);
  });

  test("a weak hash is not a place", async () => {
    const store = new PackageStore(await temporaryDirectory());
    expect(store.canKeep(integrityOf(Buffer.from("x"), "sha1"))).toBe(false);
    expect(store.canKeep(integrityOf(Buffer.from("x"), "md5"))).toBe(false);
    expect(store.canKeep("sha512-../../etc/passwd")).toBe(false);
    expect(store.canKeep(integrityOf(Buffer.from("x")))).toBe(true);
  });

  test("beyond its size, what was not asked for longest goes first", async () => {
    const store = new PackageStore(await temporaryDirectory(), 2500);
    const contents = [1, 2, 3].map((each) => Buffer.alloc(1000, each));
    const [one, two, three] = contents as [Buffer, Buffer, Buffer];
    const keep = (content: Buffer) => store.keep(integrityOf(content), async () => Readable.from([content]));
    await keep(one);
    await keep(two);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.sizeOf(integrityOf(one));
    await keep(three);
    const left = await Promise.all(contents.map((content) => store.sizeOf(integrityOf(content))));
    expect(left).toEqual([1000, null, 1000]);
  });

  test("a list that a newer one took the place of goes, unless another name has the same", async () => {
    const directory = await temporaryDirectory();
    const store = new PackageStore(directory);
    const freshness = { checkedAt: 0, etag: null, contentType: "text/plain" };
    const put = (key: string, text: string) => store.keepDocument(key, Readable.from([text]), freshness);
    for (let version = 0; version < 20; version++) await put("list", `version ${version}`);
    const shared = await put("list", "shared");
    await put("other", "shared");
    await put("list", "newest");
    await store.dropReplaced();
    expect(await contentsOf(directory)).toEqual(["newest", "shared"]);
    expect((await buffer(store.read(shared.integrity))).toString()).toBe("shared");
    expect((await store.findDocument("list"))?.size).toBe("newest".length);
    // The index, too, has no more than what is there: one file for each name.
    const index = await readdir(path.join(directory, "index-v5"), { recursive: true, withFileTypes: true });
    expect(index.filter((each) => each.isFile())).toHaveLength(2);
  });

  test("what a process left behind that ended in the middle goes when the cache is verified", async () => {
    const directory = await temporaryDirectory();
    const freshness = { checkedAt: 0, etag: null, contentType: "text/plain" };
    const before = new PackageStore(directory);
    await before.keepDocument("list", Readable.from(["old"]), freshness);
    await before.keepDocument("list", Readable.from(["new"]), freshness);
    expect(await contentsOf(directory)).toEqual(["new", "old"]);
    const after = new PackageStore(directory);
    await after.verify();
    expect(await contentsOf(directory)).toEqual(["new"]);
    expect((await after.findDocument("list"))?.size).toBe(3);
  });
});
