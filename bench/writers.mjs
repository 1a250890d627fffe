import { Refusals } from "../dist/categories/refusals.js";
import { OpenWindows } from "../dist/categories/windows/open-windows.js";
import { createWriters } from "../dist/categories/writers.js";
import { Calendar } from "../dist/core/calendar.js";
import { silentTelemetry } from "../dist/telemetry/telemetry.js";

/** The categories' writers without a store: `append` takes the text of each entry. */
export function writersTo(append) {
  const appender = { append };
  const names = { place: (name) => name };
  const surroundings = {
    sink: { series: () => appender, staged: () => appender },
    calendar: new Calendar("UTC"),
    names: { component: names, table: names, dataset: names },
    refusals: new Refusals(),
    telemetry: silentTelemetry(),
  };
  const windows = new OpenWindows({ ...surroundings, maxGroups: 2000, restored: undefined });
  return { writers: createWriters({ ...surroundings, windows }), windows };
}
