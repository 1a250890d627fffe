import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

export interface Series {
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind: "columns" | "lines";
  readonly label: string;
  /** A stretch that was dragged over, in milliseconds. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 150;

const DAY = "\n{YYYY}-{MM}-{DD}";
const MINUTE = "{HH}:{mm}";

/**
 * Times as the records show them. By the seconds between two marks: the usual mark, then what it is where a year, month, day, hour,
 * minute or second begins (uPlot's `Axis.Values`).
 */
const TIME_MARKS: uPlot.Axis.Values = [
  [365 * 86_400, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * 86_400, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
  [86_400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, MINUTE, DAY, null, DAY, null, null, null, 1],
  [1, ":{ss}", `${DAY} ${MINUTE}`, null, `${DAY} ${MINUTE}`, null, `\n${MINUTE}`, null, 1],
  [0.001, ":{ss}.{fff}", `${DAY} ${MINUTE}`, null, `${DAY} ${MINUTE}`, null, `\n${MINUTE}`, null, 1],
];

/** Values over time (uPlot): columns laid on each other, or lines. */
export function Chart({ times, series, kind, label, onZoom }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current!;
    const data = [times, ...(kind === "columns" ? stacked(series) : series.map(({ values }) => values))];
    const axis = getComputedStyle(element).color;
    const grid = { stroke: getComputedStyle(element).getPropertyValue("--line"), width: 1 };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: kind === "lines" },
        cursor: { drag: { x: onZoom !== undefined, y: false, setScale: false } },
        scales: { x: { time: true, range: (_, from, to) => [from, to + stepOf(times, kind)] } },
        axes: [
          { stroke: axis, grid, values: TIME_MARKS },
          { stroke: axis, grid, size: (_, marks) => widthOf(marks) },
        ],
        series: [
          {},
          ...series.map(({ name, color }) => ({
            label: name,
            stroke: color,
            fill: kind === "columns" ? color : undefined,
            // A column of nothing would be a line.
            width: kind === "columns" ? 0 : 1.5,
            points: { show: kind === "lines" && times.length < 200 },
            paths: kind === "columns" ? uPlot.paths.bars!({ size: [0.9, 40], align: 1 }) : undefined,
          })),
        ] as uPlot.Series[],
        hooks: {
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width < 4 || onZoom === undefined) return;
              onZoom(self.posToVal(left, "x") * 1000, self.posToVal(left + width, "x") * 1000);
            },
          ],
        },
      },
      data as uPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, series, kind]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

/** Of an axis: room for its longest mark. */
function widthOf(marks: readonly string[] | null): number {
  return Math.max(56, 24 + 8 * Math.max(0, ...(marks ?? []).map(({ length }) => length)));
}

/** A column goes on until the next would begin: the last one needs its room, too. */
function stepOf(times: readonly number[], kind: ChartProps["kind"]): number {
  return kind === "columns" && times.length > 1 ? times[1]! - times[0]! : 0;
}

/** The first drawn is the sum of all, the last its own: so each covers what lies behind it. */
function stacked(series: readonly Series[]): (number | null)[][] {
  let above: (number | null)[] | undefined;
  const rows = series.toReversed().map(({ values }) => {
    above = values.map((value, at) => (value ?? 0) + (above?.[at] ?? 0));
    return above;
  });
  return rows.toReversed();
}
