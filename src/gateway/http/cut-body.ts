import { isAscii } from "node:buffer";
import { randomBytes } from "node:crypto";

/**
 * A body whose longest strings (images, documents) were cut out before anything reads it: they are megabytes that
 * nobody here looks into. What is left is parsed, checked and written anew; the cut bytes are put back as they came.
 */
export interface CutBody {
  /** JSON with a mark in place of each cut string's greater part */
  text: Buffer;
  /** what the marks stand for */
  parts: Parts;
}

export type Parts = ReadonlyMap<string, Buffer>;

export const NO_PARTS: Parts = new Map();

/** Strings longer than this are cut, bytes. */
const LONG = 64 * 1024;
/** How much of a cut string stays before its mark, so that a `data:` URL is still known as one. */
const KEPT = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

// Nobody outside this process can write a mark.
const SECRET = randomBytes(16).toString("hex");
const MARK = new RegExp(`cut-${SECRET}-\\d+-`, "g");

/** Cuts plain long strings out: ASCII, without any escape, as base64 is. Everything else stays. */
export function cutBody(raw: Buffer): CutBody {
  if (raw.length < LONG) return { text: raw, parts: NO_PARTS };
  const pieces: Buffer[] = [];
  const parts = new Map<string, Buffer>();
  let done = 0;
  for (let start = raw.indexOf(QUOTE); start !== -1; ) {
    const end = endOfString(raw, start + 1);
    if (end === -1) break;
    const long = raw.subarray(start + 1 + KEPT, end);
    if (end - start > LONG && isAscii(long) && !long.includes(BACKSLASH)) {
      const mark = `cut-${SECRET}-${parts.size}-`;
      parts.set(mark, long);
      pieces.push(raw.subarray(done, start + 1 + KEPT), Buffer.from(mark));
      done = end;
    }
    start = raw.indexOf(QUOTE, end + 1);
  }
  if (parts.size === 0) return { text: raw, parts: NO_PARTS };
  return { text: Buffer.concat([...pieces, raw.subarray(done)]), parts };
}

/** The closing quote of the string whose first byte is at `from`; -1: there is none. */
function endOfString(raw: Buffer, from: number): number {
  for (let end = raw.indexOf(QUOTE, from); end !== -1; end = raw.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (end - escapes > from && raw[end - escapes - 1] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

/** The bytes to send: the text, with what was cut in its place again, and nothing copied but the text. */
export function joinBody(text: Buffer, parts: Parts): Buffer[] {
  if (parts.size === 0) return [text];
  const pieces: Buffer[] = [];
  // Latin-1 keeps one character for each byte, so places in the string are places in the buffer.
  const letters = text.toString("latin1");
  let done = 0;
  for (const { 0: mark, index } of letters.matchAll(MARK)) {
    pieces.push(text.subarray(done, index), parts.get(mark) ?? Buffer.alloc(0));
    done = index + mark.length;
  }
  return [...pieces, text.subarray(done)];
}

/** How long a string of the text was before it was cut. */
export function fullLength(text: string, parts: Parts): number {
  const mark = parts.size > 0 ? text.match(MARK)?.[0] : undefined;
  return mark === undefined ? text.length : text.length - mark.length + (parts.get(mark)?.length ?? 0);
}

/** How many bytes the body has with what was cut in its place again. */
export function fullBytes(text: Buffer, parts: Parts): number {
  let bytes = text.length;
  for (const [mark, part] of parts) bytes += part.length - mark.length;
  return bytes;
}
