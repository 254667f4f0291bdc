import { services } from "#api/services.ts";

export const dynamic = "force-dynamic";

export const GET = () => Response.json(services().api.document());
