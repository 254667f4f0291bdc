import { services } from "#api/services.ts";

export const GET = (request: Request) => services().finishConnectingGitHub(request);
