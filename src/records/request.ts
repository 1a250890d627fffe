import type { LogRecord } from "../core/record.js";
import { levelOfStatus } from "./shapes/text/access.js";
import { readRequest } from "./shapes/text/request-line.js";

const OPEN = 123;

/** Letters that a status of a server's own failure has before it. */
const FIVE = " 5";

/** Makes an error of an object's record whose message is the access line of a request that the server failed at. */
export function raiseFailedRequest(record: LogRecord): void {
  const { level, message } = record;
  if (level !== "info" || message?.includes(FIVE) !== true) return;
  const status = readRequest(message)?.["status"];
  if (status !== undefined) record.level = levelOfStatus(status as number);
}

/**
 * Adds to a text's record what its first line tells of a request that was answered. A request that the server failed at is an
 * error where the line says no other level than info. What was read already stays, and so does an object that the app printed.
 */
export function takeRequest(record: LogRecord, text: string): void {
  const { data, message } = record;
  if ((data?.["method"] !== undefined && data["status"] !== undefined) || message?.charCodeAt(0) === OPEN)
    return;
  const end = text.indexOf("\n");
  const request = readRequest(end < 0 ? text : text.slice(0, end));
  if (request === undefined) return;
  record.data = { ...request, ...data };
  record.dataText = JSON.stringify(record.data);
  if (record.level === "info") record.level = levelOfStatus(request["status"] as number);
}
