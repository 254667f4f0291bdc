import { route } from "#api/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = route("/agents/{id}/import/upload");
