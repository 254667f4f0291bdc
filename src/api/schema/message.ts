import { z } from "zod";
import { Id, isStorable, NextCursor, Time } from "#api/schema/primitives.ts";
import { Run } from "#api/schema/run.ts";

/** Bytes of UTF-8 that a message may hold. */
export const MESSAGE_BYTES = 256 * 1024;

export const Message = z.object({
  id: Id,
  agentId: Id,
  runId: Id.nullable(),
  role: z.enum(["user", "agent"]),
  text: z.string(),
  createdAt: Time,
});
export type Message = z.infer<typeof Message>;

export const MessageList = z.object({ messages: z.array(Message), nextCursor: NextCursor });
export type MessageList = z.infer<typeof MessageList>;

export const NewMessage = z.strictObject({
  text: z
    .string()
    .refine((text) => text.trim() !== "", "must not be empty")
    .refine(isStorable, "holds a null character or half of a surrogate pair")
    .meta({ minLength: 1, description: "At most 256 KiB of UTF-8." }),
});
export type NewMessage = z.infer<typeof NewMessage>;

export const MessageAccepted = z.object({ message: Message, run: Run });
export type MessageAccepted = z.infer<typeof MessageAccepted>;
