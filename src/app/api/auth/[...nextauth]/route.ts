import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { services } from "#api/services.ts";

const handler = (request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) =>
  NextAuth(request, context, services().authOptions);

export { handler as GET, handler as POST };
