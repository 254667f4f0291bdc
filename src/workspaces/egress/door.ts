import type { EgressBroker } from "#workspaces/egress/broker.ts";
import type { Packages } from "#workspaces/egress/packages/packages.ts";
import { createPassage } from "#workspaces/egress/pass-to-gateway.ts";
import { type ReverseDoor, refuseStream } from "#workspaces/link/serve-reverse.ts";

export interface DoorParts {
  broker: EgressBroker;
  packages: Packages;
  gatewayUrl: string;
}

/** What a workspace can ask of the runner: a way out, and the services that stand on its own loopback. */
export function createDoor(userId: string, { broker, packages, gatewayUrl }: DoorParts): ReverseDoor {
  const passToGateway = createPassage(gatewayUrl);
  return (stream, headers) => {
    if (headers[":method"] === "CONNECT") return broker.connect(userId, stream, headers);
    const [, service, rest] = /^\/([a-z]+)(\/.*)$/.exec(headers[":path"] ?? "") ?? [];
    switch (service) {
      case "npm":
      case "pypi":
        return packages.serve(userId, service, rest as string, stream, headers);
      case "models":
        return passToGateway(rest as string, stream, headers);
      default:
        return refuseStream(stream, 404, "There is no such service.");
    }
  };
}
