import { Parser } from "htmlparser2";
import { z } from "zod";
import { AppError } from "#platform/errors.ts";

/** A file of a project as its index lists it. */
export interface IndexedFile {
  filename: string;
  url: URL;
  sha256: string | null;
  /** of the metadata file beside it; null: there is none with a hash */
  metadataSha256: string | null;
  requiresPython: string | null;
  /** true, or why */
  yanked: boolean | string;
}

const hashes = z.record(z.string(), z.string());
// PEP 691, with the older name of PEP 714.
const JsonIndex = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      hashes,
      "requires-python": z.string().nullish(),
      "core-metadata": z.union([z.boolean(), hashes]).optional(),
      "dist-info-metadata": z.union([z.boolean(), hashes]).optional(),
      yanked: z.union([z.boolean(), z.string()]).optional(),
    }),
  ),
});

const SHA256 = /^[0-9a-f]{64}$/;

/** Reads an index in JSON (PEP 691) or HTML (PEP 503). @throws AppError upstream_failed */
export function readIndex(data: Buffer, contentType: string, base: URL): IndexedFile[] {
  try {
    return /json/.test(contentType) ? readJson(data, base) : readHtml(data, base);
  } catch (cause) {
    throw new AppError("upstream_failed", `The index at ${base.host} cannot be read`, { cause });
  }
}

function readJson(data: Buffer, base: URL): IndexedFile[] {
  return JsonIndex.parse(JSON.parse(data.toString())).files.map((file) => {
    const metadata = file["core-metadata"] ?? file["dist-info-metadata"];
    return {
      filename: file.filename,
      url: new URL(file.url, base),
      sha256: checked(file.hashes.sha256),
      metadataSha256: typeof metadata === "object" ? checked(metadata.sha256) : null,
      requiresPython: file["requires-python"] ?? null,
      yanked: file.yanked ?? false,
    };
  });
}

function readHtml(data: Buffer, base: URL): IndexedFile[] {
  const files: IndexedFile[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name !== "a" || attributes.href === undefined) return;
      const url = new URL(attributes.href, base);
      const metadata = attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"];
      files.push({
        filename: decodeURIComponent(url.pathname.split("/").at(-1) ?? ""),
        url: withoutHash(url),
        sha256: hashIn(url.hash.slice(1)),
        metadataSha256: hashIn(metadata),
        requiresPython: attributes["data-requires-python"] ?? null,
        yanked: attributes["data-yanked"] === undefined ? false : attributes["data-yanked"] || true,
      });
    },
  });
  parser.end(data.toString());
  return files;
}

function withoutHash(url: URL): URL {
  const bare = new URL(url);
  bare.hash = "";
  return bare;
}

function hashIn(text: string | undefined): string | null {
  return checked(/^sha256=(.+)$/.exec(text ?? "")?.[1]);
}

function checked(hex: string | undefined): string | null {
  return hex !== undefined && SHA256.test(hex) ? hex : null;
}

/** The index as we give it on, files by addresses of ours. */
export function writeIndex(name: string, files: readonly IndexedFile[]): string {
  return JSON.stringify({
    meta: { "api-version": "1.0" },
    name,
    files: files.map((file) => ({
      filename: file.filename,
      url: `../../files/${name}/${encodeURIComponent(file.filename)}`,
      hashes: file.sha256 === null ? {} : { sha256: file.sha256 },
      ...(file.requiresPython === null ? {} : { "requires-python": file.requiresPython }),
      "core-metadata": file.metadataSha256 === null ? false : { sha256: file.metadataSha256 },
      yanked: file.yanked,
    })),
  });
}
