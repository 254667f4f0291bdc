/** Names under which tools take a value that the script has. */
const MEANINGS: [RegExp, string][] = [
  [/^(file_?path|path|file|file_?name|filename|target_?file|absolute_?path)$/i, "path"],
  [/^(content|contents|text|file_?text|new_?string|new_?str|data|body)$/i, "content"],
  [/^(command|cmd|script|code|commands)$/i, "command"],
];

interface Schema {
  type?: unknown;
  properties?: Record<string, Schema>;
  required?: unknown;
  enum?: unknown[];
  default?: unknown;
  items?: Schema;
}

/** Arguments that fit a tool's input schema: what the script knows by its meaning, the rest of the required by its type. */
export function fillSchema(schema: unknown, values: Record<string, unknown>): Record<string, unknown> {
  const { properties = {}, required } = (schema ?? {}) as Schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  const filled: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = knownValue(name, property, values);
    if (value !== undefined) filled[name] = value;
    else if (needed.has(name)) filled[name] = plainValue(name, property);
  }
  return filled;
}

function knownValue(name: string, property: Schema, values: Record<string, unknown>): unknown {
  // An editing tool takes its verb in the same field in which a shell takes its command line.
  if (property.enum) return property.enum.includes(values.edit) ? values.edit : undefined;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(name))?.[1];
  const value = meaning === undefined ? undefined : values[meaning];
  if (value === undefined) return undefined;
  if (property.type === "array") return meaning === "command" ? ["bash", "-lc", value] : [value];
  return property.type === undefined || property.type === "string" ? value : undefined;
}

function plainValue(name: string, property: Schema): unknown {
  if (property.default !== undefined) return property.default;
  if (property.enum) return property.enum[0];
  switch (Array.isArray(property.type) ? property.type[0] : property.type) {
    case "number":
    case "integer":
      return 1;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return fillSchema(property, {});
    case "null":
      return null;
    default:
      return name === "description" ? "Carrel's scripted demo model at work" : "demo";
  }
}
