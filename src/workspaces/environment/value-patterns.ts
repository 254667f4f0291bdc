/** A shorter line of a longer value is likely to be no secret by itself (`"type": "key",`). */
const SHORTEST_LINE = 16;

/** The ways in which a value may stand in an output: as it is, or as programs commonly write it. Pure. */
export function valuePatterns(value: string): string[] {
  const whole = value.trim();
  // A key of several lines is often shown line by line, indented or numbered.
  const lines = whole
    .split(/\r?\n/)
    .flatMap((line) => (line.trim().length < SHORTEST_LINE ? [] : line.trim()));
  const forms = [value, whole, ...lines].flatMap((text) => [
    text,
    ...inJson(text),
    ...inAddress(text),
    text.replaceAll("'", "'\\''"),
    inMarkup(text),
  ]);
  return [...forms, ...inBase64(value), ...inBase64(whole), ...inHex(whole)];
}

function inJson(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const ascii = escaped.replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [escaped, ascii, escaped.replaceAll("/", "\\/")];
}

function inAddress(text: string): string[] {
  const strict = encodeURIComponent(text);
  const form = new URLSearchParams({ "": text }).toString().slice(1);
  return [strict, form].flatMap((encoded) => [
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}

function inMarkup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Also as a part of a longer text (`user:password`, say): what does not depend on its neighbours, at each of 3 places. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
    const from = [0, 2, 3][before] as number;
    const to = (before + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const core = encoded.slice(from, to);
    return [core, core.replaceAll("-", "+").replaceAll("_", "/")];
  });
}

function inHex(text: string): string[] {
  const hex = Buffer.from(text).toString("hex");
  return [hex, hex.toUpperCase()];
}
