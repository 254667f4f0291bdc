/** The units by kind, each with its size in the unit that counts as 1. */
export const FACTORS: [string, [string, string][]][] = [
  [
    "length",
    [
      ["mm", "0.001"],
      ["cm", "0.01"],
      ["m", "1"],
      ["km", "1000"],
      ["in", "0.0254"],
      ["ft", "0.3048"],
      ["yd", "0.9144"],
      ["mi", "1609.344"],
    ],
  ],
  [
    "weight",
    [
      ["g", "0.001"],
      ["kg", "1"],
      ["t", "1000"],
      ["oz", "0.028349523125"],
      ["lb", "0.45359237"],
    ],
  ],
  [
    "volume",
    [
      ["ml", "0.001"],
      ["l", "1"],
      ["gal", "3.785411784"],
    ],
  ],
];
