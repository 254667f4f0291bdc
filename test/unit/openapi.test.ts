import { globSync, readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "#api/openapi/openapi.ts";
import { OPERATIONS } from "#api/operations.ts";

const ROUTES = "src/app/api/v1";
// biome-ignore lint/suspicious/noExplicitAny: a document of whatever shape
const document = openApiDocument("http://localhost:3000", "carrel-3000.session") as any;

test("the document is valid OpenAPI 3.1", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
});

test("the validator would say so if it were not", async () => {
  const broken = structuredClone(document);
  broken.paths["/api/v1/me"].get.parameters = [{ name: "x", in: "nowhere" }];
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

describe("route files", () => {
  const files = globSync(`${ROUTES}/**/route.ts`).sort();
  const pathOf = (file: string) =>
    file.slice(ROUTES.length, -"/route.ts".length).replaceAll("[", "{").replaceAll("]", "}");

  test("there is one for each path of the operations, and none besides", () => {
    const paths = [...new Set(OPERATIONS.map(({ path }) => path))].sort();
    expect(files.map(pathOf).sort()).toEqual(paths);
  });

  test.each(files)("%s serves the path that it stands at", (file) => {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(lines).toEqual([
      'import { route } from "#api/route.ts";',
      "",
      `export const { GET, POST, PUT, PATCH, DELETE } = route("${pathOf(file)}");`,
    ]);
  });
});

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))("%s", (id, operation) => {
  const described = document.paths[`/api/v1${operation.path}`]?.[operation.method.toLowerCase()];

  test("is in the document, once, with every placeholder and the problems it may answer with", () => {
    expect(described.operationId).toBe(id);
    const inPath = described.parameters.filter((parameter: { in: string }) => parameter.in === "path");
    const placeholders = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath.map(({ name }: { name: string }) => name)).toEqual(placeholders);
    for (const status of ["400", "401", "403", "429", "500"]) {
      const { content } = described.responses[status];
      expect(Object.keys(content)).toEqual(["application/problem+json"]);
    }
    expect(Boolean(described.requestBody)).toBe(Boolean(operation.body ?? operation.takesBytes));
  });

  test("asks for the scope that its method calls for", () => {
    expect(operation.scope).toBe(operation.method === "GET" ? "api:read" : "api");
  });
});

test("operation ids and method-path pairs are unique", () => {
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
  expect(new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`)).size).toBe(OPERATIONS.length);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference,
  );
  for (const reference of new Set(references)) {
    const found = (reference as string)
      .slice(2)
      .split("/")
      // biome-ignore lint/suspicious/noExplicitAny: walks any document
      .reduce<any>((at, key) => at?.[key], document);
    expect(found, reference).toBeDefined();
  }
});
