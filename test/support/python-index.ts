import { createHash } from "node:crypto";
import http from "node:http";
import zlib from "node:zlib";

interface Project {
  filename: string;
  content: Buffer;
}

/** A wheel of one module, packed by hand: a zip whose entries are stored as they are. */
export function wheel(name: string, version: string, source: string): Project {
  const info = `${name}-${version}.dist-info`;
  const files: [string, string][] = [
    [`${name}.py`, source],
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`],
    [`${info}/WHEEL`, "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"],
    [`${info}/RECORD`, `${name}.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`],
  ];
  return { filename: `${name}-${version}-py3-none-any.whl`, content: zip(files) };
}

function zip(files: [string, string][]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const data = Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(zlib.crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 65_536, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), fields, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}

/** A package index on its real wire (PEP 503, or PEP 691 where it is asked for). What it served is in `served`. */
export function pythonIndex(projects: Record<string, Project>, options: { json: boolean }) {
  const served: string[] = [];
  const server = http.createServer((request, response) => {
    served.push(request.url ?? "");
    const [, room, name = "", filename] = (request.url ?? "").split("/");
    const project = projects[name];
    if (!project) return void response.writeHead(404).end("no such project");
    if (room === "files" && filename === project.filename) return void response.end(project.content);
    const sha256 = createHash("sha256").update(project.content).digest("hex");
    const url = `../../files/${name}/${project.filename}`;
    if (options.json && (request.headers.accept ?? "").includes("vnd.pypi.simple.v1+json")) {
      response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
      const files = [{ filename: project.filename, url, hashes: { sha256 } }];
      return void response.end(JSON.stringify({ meta: { "api-version": "1.0" }, name, files }));
    }
    response.setHeader("content-type", "text/html");
    response.end(`<!DOCTYPE html><a href="${url}#sha256=${sha256}">${project.filename}</a>`);
  });
  return { server, served, options };
}
