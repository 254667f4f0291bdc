import { services } from "#api/services.ts";

export const POST = (request: Request) => services().receiveGitHub(request);
