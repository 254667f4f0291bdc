export const RESERVATION_COLUMNS =
  "id, call_id, user_id, scopes, amount_micro_usd, drawable_micro_usd, agent_id, run_id, step_key, provider, model, expires_at";

/** Rows for `reservations` from one JSON parameter; the database's clock says when they expire. */
export function reservationRows(parameter: string): string {
  return `SELECT r.call, r.call, r."user", r.scopes, r.amount, r.drawable, r.agent, r.run, r.step, r.provider, r.model,
         now() + make_interval(secs => r.ttl)
    FROM json_to_recordset(${parameter}) AS r (call text, "user" text, scopes text[], amount bigint, drawable bigint, agent text,
         run text, step text, provider text, model text, ttl int)`;
}
