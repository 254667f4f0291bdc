import { z } from "zod";
import { errorResponses, SHARED_HEADERS } from "#api/openapi/openapi-errors.ts";
import { componentSchemas, schemaOf } from "#api/openapi/openapi-schemas.ts";
import type { Operation } from "#api/operation.ts";
import { OPERATIONS } from "#api/operations.ts";

type Json = Record<string, unknown>;

/** The API's description, made from the same objects that serve it. */
export function openApiDocument(serverUrl: string, cookieName: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    const path = `/api/v1${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Carrel",
      version: "1.0.0",
      description:
        "Times are ISO 8601 UTC. Money is whole micro-dollars in fields that end in MicroUsd. Errors are RFC 9457 " +
        "problems with a closed list of codes. Unknown fields and parameters are refused. What belongs to another " +
        "user is not found.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A personal token: carrel_…" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: cookieName,
          description: "The sign-in's cookie",
        },
      },
      headers: SHARED_HEADERS,
      schemas: componentSchemas(),
    },
  };
}

function describeOperation(operation: Operation): Json {
  const { id, tag, summary, scope, body, takesBytes, responses } = operation;
  const content = body
    ? { "application/json": { schema: schemaOf(body, "input") } }
    : takesBytes && { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `Needs the scope \`${scope}\`.`,
    parameters: parameters(operation),
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, shape]) => [status, describeResponse(shape)]),
      ),
      ...errorResponses(operation),
    },
  };
}

function describeResponse(shape: Operation["responses"][number]): Json {
  const { description, schema, content } = shape;
  const types = content ?? (schema ? ["application/json"] : []);
  const described = types.map((type) => [
    type,
    { schema: type === "application/json" && schema ? schemaOf(schema, "output") : { type: "string" } },
  ]);
  return {
    description,
    headers: { "x-request-id": { $ref: "#/components/headers/RequestId" } },
    ...(types.length > 0 && { content: Object.fromEntries(described) }),
  };
}

function parameters({ params, query, idempotent }: Operation): Json[] {
  return [
    ...fields(params).map(({ name, schema }) => ({ name, in: "path", required: true, schema })),
    ...fields(query).map(({ name, schema, required }) => ({ name, in: "query", required, schema })),
    ...(idempotent
      ? [
          {
            name: "Idempotency-Key",
            in: "header",
            required: false,
            description: "A repeat with the same body gets the first answer; with another body 409.",
            schema: { type: "string", minLength: 1, maxLength: 255 },
          },
        ]
      : []),
  ];
}

function fields(schema: z.ZodType | undefined): { name: string; schema: Json; required: boolean }[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property,
    required: required.includes(name),
  }));
}
