import { notOffered } from "../parse-body.ts";

/**
 * Fields of OpenAI's wires that would reach what another tenant keeps on the operator's account, or leave the price book
 * or the egress rules behind. Refused until they are mapped to their owner and priced.
 */
const FIELDS = [
  "audio",
  "background",
  "context_management",
  "conversation",
  "mcp_servers",
  "prediction",
  "previous_response_id",
  "prompt",
  "web_search_options",
];

/** Tools that the caller runs; every other kind runs on the provider's side. */
const CALLER_RUN_TOOLS = new Set(["function", "custom", "local_shell", "apply_patch", "namespace"]);

/** What a content part may not name: things that the provider would fetch, or look up among all our tenants' things. */
const REFERENCES = ["file_id", "file_url", "container_id", "vector_store_id", "server_url"];

/** @throws AppError bad_request */
export function refuseForeign(request: Record<string, unknown>, parts: unknown): void {
  const field = FIELDS.find((name) => request[name] !== undefined && request[name] !== null);
  if (field) throw notOffered(`\`${field}\``);
  const tier = request.service_tier ?? "auto";
  if (tier !== "auto" && tier !== "default") throw notOffered("`service_tier` other than the default");
  refuseTools(request.tools);
  refuseReferences(parts);
}

function refuseTools(tools: unknown): void {
  if (!Array.isArray(tools)) return;
  for (const tool of tools as { type?: unknown; tools?: unknown }[]) {
    const type = String(tool?.type);
    if (!CALLER_RUN_TOOLS.has(type)) throw notOffered(`the tool type \`${type}\``);
    refuseTools(tool.tools);
  }
}

function refuseReferences(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) refuseReferences(item);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const part = value as Record<string, unknown>;
  const reference = REFERENCES.find((name) => part[name] !== undefined && part[name] !== null);
  if (reference) throw notOffered(`\`${reference}\``);
  if (part.type === "item_reference") throw notOffered("`item_reference`");
  if (part.type === "input_audio") throw notOffered("`input_audio`");
  const url = imageUrlOf(part);
  if (url !== undefined && !url.startsWith("data:"))
    throw notOffered("an image by URL; send it as a data: URL");
  for (const inner of Object.values(part)) if (typeof inner === "object") refuseReferences(inner);
}

/** Of a chat part (`image_url: {url}`) or a Responses part (`image_url: "…"`). */
export function imageUrlOf(part: Record<string, unknown>): string | undefined {
  const { image_url: image } = part;
  if (typeof image === "string") return image;
  if (typeof image === "object" && image !== null && "url" in image) return String(image.url);
  return undefined;
}
