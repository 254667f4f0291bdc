import type { createFormatter } from "next-intl";

type Formatter = Pick<ReturnType<typeof createFormatter>, "number">;

const MICRO = 1_000_000;

/** Whole micro-dollars in the reader's own way; small sums keep four digits, larger ones cents. */
export function formatMoney(format: Formatter, microUsd: number, digits?: number): string {
  const dollars = microUsd / MICRO;
  const places = digits ?? (microUsd === 0 || dollars >= 1 ? 2 : 4);
  return format.number(dollars, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes with a binary step and three digits at most. */
export function formatBytes(format: Formatter, bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return format.number(value, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "narrow" : "short",
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  });
}

const unit = (format: Formatter, value: number, name: string, digits = 0) =>
  format.number(value, {
    style: "unit",
    unit: name,
    unitDisplay: "narrow",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

/** How long something took, in milliseconds: "0.4s", "12s", "2m 5s", "1h 3m". */
export function formatDuration(format: Formatter, ms: number): string {
  if (ms < 9_950) return unit(format, Math.max(0, ms) / 1000, "second", 1);
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return unit(format, seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${unit(format, minutes, "minute")} ${unit(format, seconds % 60, "second")}`;
  }
  return `${unit(format, Math.floor(minutes / 60), "hour")} ${unit(format, minutes % 60, "minute")}`;
}

/** A clock that runs: "0:42", "12:05", "1:02:07". The same in every language. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
