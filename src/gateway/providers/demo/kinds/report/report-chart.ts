import type { ReportShape } from "./report-shape.ts";

const figureOf = (shape: ReportShape) => (shape.measure === "sum" ? "total" : "mean");

export const pythonChart = (
  shape: ReportShape,
): string => `"""The ${figureOf(shape)} of each group as a bar chart: an SVG file that any browser opens."""

from html import escape

from .messages import say

LEFT, WIDTH, ROW, TOP = 160, 480, 28, 48


def chart(summary):
    """The chart as SVG. Values below zero go to the left of the line at zero."""
    values = [float(figures["${figureOf(shape)}"]) for figures in summary]
    least, most = min(0, *values), max(0, *values)
    scale = WIDTH / (most - least or 1)
    zero = LEFT - least * scale
    height = TOP + ROW * len(values) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 120} {height}" font-family="sans-serif" font-size="14">',
        f"<title>{escape(say('heading'))}</title>",
        f'<text x="12" y="26" font-size="18">{escape(say("heading"))}</text>',
    ]
    for index, (figures, value) in enumerate(zip(summary, values)):
        top, length = TOP + ROW * index, abs(value) * scale
        left = zero if value >= 0 else zero - length
        lines.append(f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(figures["group"])}</text>')
        lines.append(f'<rect x="{left:.1f}" y="{top + 3}" width="{length:.1f}" height="{ROW - 8}" fill="#4269d0"/>')
        lines.append(f'<text x="{LEFT + WIDTH + 8}" y="{top + 17}">{value:g}</text>')
    lines.append(f'<line x1="{zero:.1f}" y1="{TOP}" x2="{zero:.1f}" y2="{height - 12}" stroke="currentColor"/>')
    return "\\n".join([*lines, "</svg>"]) + "\\n"
`;

export const javascriptChart = (
  shape: ReportShape,
): string => `// The ${figureOf(shape)} of each group as a bar chart: an SVG file that any browser opens.

import { say } from "./messages.js";
‹import type { Figures } from "./summarize.js";
›
const [LEFT, WIDTH, ROW, TOP] = [160, 480, 28, 48];
const ENTITIES‹: Record<string, string>› = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escapeXml = (text‹: string›) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);

/** The chart as SVG. Values below zero go to the left of the line at zero. */
export function chart(summary‹: Figures[]›) {
  const values = summary.map((one) => one.${figureOf(shape)});
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = WIDTH / (most - least || 1);
  const zero = LEFT - least * scale;
  const height = TOP + ROW * values.length + 12;
  const heading = escapeXml(say("heading"));
  const bars = values.flatMap((value, index) => {
    const top = TOP + ROW * index;
    const length = Math.abs(value) * scale;
    const left = value >= 0 ? zero : zero - length;
    return [
      \`<text x="\${LEFT - 8}" y="\${top + 17}" text-anchor="end">\${escapeXml(summary[index].group)}</text>\`,
      \`<rect x="\${left.toFixed(1)}" y="\${top + 3}" width="\${length.toFixed(1)}" height="\${ROW - 8}" fill="#4269d0"/>\`,
      \`<text x="\${LEFT + WIDTH + 8}" y="\${top + 17}">\${Number(value.toPrecision(6))}</text>\`,
    ];
  });
  return \`\${[
    \`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \${LEFT + WIDTH + 120} \${height}" font-family="sans-serif" font-size="14">\`,
    \`<title>\${heading}</title>\`,
    \`<text x="12" y="26" font-size="18">\${heading}</text>\`,
    ...bars,
    \`<line x1="\${zero.toFixed(1)}" y1="\${TOP}" x2="\${zero.toFixed(1)}" y2="\${height - 12}" stroke="currentColor"/>\`,
    "</svg>",
  ].join("\\n")}\\n\`;
}
`;

export const pythonChartTests = (): string => `
    def test_the_chart_has_a_bar_for_every_group_as_long_as_its_value(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chart.svg"
            self.assertEqual(self.call("--chart", path)[0], 0)
            drawn = path.read_text(encoding="utf-8")
        self.assertEqual(len(BAR.findall(drawn)), len(summarize(load(DATA))))
        drawn = chart(summarize([("a", Decimal(5)), ("b", Decimal(10)), ("c", Decimal(-5))]))
        self.assertEqual(sorted(map(float, BAR.findall(drawn))), [160, 160, 320])

    def test_names_in_the_chart_are_escaped(self):
        self.assertIn(">&lt;a&gt; &amp; 서울</text>", chart(summarize([("<a> & 서울", Decimal(0))])))
`;

export const javascriptChartTests = (): string => `
test("the chart has a bar for every group, as long as its value", () => {
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  const path = join(folder, "chart.svg");
  assert.equal(call("--chart", path).code, 0);
  const widths = (svg‹: string›) => [...svg.matchAll(/<rect [^>]*width="([\\d.]+)"/g)].map(([, width]) => Number(width));
  assert.equal(widths(readFileSync(path, "utf8")).length, summarize(load(DATA)).length);
  rmSync(folder, { recursive: true });
  const drawn = chart(summarize([["a", 5], ["b", 10], ["c", -5]]));
  assert.deepEqual(widths(drawn).sort((a, b) => a - b), [160, 160, 320]);
});

test("names in the chart are escaped", () => {
  const drawn = chart(summarize([["<a> & 서울", 0]]));
  assert.ok(drawn.includes(">&lt;a&gt; &amp; 서울</text>"));
});
`;
