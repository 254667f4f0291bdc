import { route } from "#api/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = route("/github/app");
