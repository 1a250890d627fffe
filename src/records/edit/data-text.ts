import type { JsonObject, LogRecord } from "../../core/record.js";

/** Gives a record a new text of its object, and the object that the text says. The old object is not touched: others may hold it. */
export function takeDataText(record: LogRecord, dataText: string): void {
  record.data = JSON.parse(dataText) as JsonObject;
  record.dataText = dataText;
}
