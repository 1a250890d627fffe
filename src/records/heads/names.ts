import type { HeadData } from "./shape.js";

/** Threads of pools, servers and runtimes; other names in brackets are loggers. */
export const threadLike =
  /\b(?:main|thread|exec|pool|worker|scheduler|dispatcher|nio|grpc|actor)\b|[-_ ]\d{1,6}$|Thread/i;
/** Names that only threads have, wherever they stand. */
export const certainThread =
  /^(?:main|MainThread|qtp\d{1,12}-\d{1,6}|Thread-\d{1,6}.{0,60}|(?:[\w.]{1,60}-){0,6}(?:thread|exec|pool|worker|executor|dispatcher)-[\w.-]{0,40}\d)$/;
const numberedThread = /^(?:shard|thread|worker|core|cpu) \d{1,6}$/;
const requestId = /^(?:req(?:uest)?[-_:]\S{1,60}|[\da-f]{8}-[\da-f]{4}-[\da-f-]{22,27}|[\da-f]{16,32})$/i;
const place = /^[\w./@-]{1,200}\.[A-Za-z]{1,5}(?::\d{1,7}(?::\d{1,7})?|\(\d{1,7}\))$/;
const plain = /^[\w.$:/@#*+<>\\-]{1,120}$/;
/** A module and a line, lined up. */
const padded = /^([\w.$/-]{1,100}) {1,60}:(\d{1,7})$/;
const spaced = /^[\w.$:/@#*+-]{1,60}(?: [\w.$:/@#*+-]{1,60}){1,3}$/;

/** OpenStack's: a request, and who asked for it. */
const requestOf = /^(req-[\w-]{1,60})(?: [\w-]{1,60}){1,6}$/;
/** Spring Cloud Sleuth's: the app, the trace, the span. */
const traced = /^([\w.-]{0,60}),([\da-f]{16}|[\da-f]{32}|),([\da-f]{16}|)(?:,(?:true|false)?)?$/;
const pairs = /^\{?(?:[\w.@-]{1,60}=[^\s,={}]{0,200}(?:, ?| |\}?$))+$/;
const LONGEST_PAIRS = 200;

/** What a bracket says of a request or its trace, or as pairs: `traceId=7f spanId=`, `{user=7}`. False for all else. */
export function takeTrace(data: HeadData, content: string): boolean {
  if (content === "{}") return true;
  const request = requestOf.exec(content);
  const trace = request === null ? traced.exec(content) : null;
  if (request !== null) data.request_id ??= request[1] as string;
  else if (trace !== null) {
    if (trace[1] !== "") data.app ??= trace[1] as string;
    if (trace[2] !== "") data["trace_id"] ??= trace[2] as string;
    if (trace[3] !== "") data["span_id"] ??= trace[3] as string;
  } else return takePairs(data, content);
  return true;
}

function takePairs(data: HeadData, content: string): boolean {
  if (content.length > LONGEST_PAIRS || !content.includes("=") || !pairs.test(content)) return false;
  for (const [, key = "", value = ""] of content.matchAll(/([\w.@-]+)=([^\s,={}]*)/g))
    if (value !== "") data[key] ??= value;
  return true;
}

/** What a bracket of a head says that is neither time nor level; false when it is rather the message's own. */
export function takeBracket(data: HeadData, content: string, behindLevel: boolean): boolean {
  if (/^\d{1,10}(?:[:#]\d{1,20})?$/.test(content)) data.pid ??= numberOrText(content);
  else if (takeProcess(data, content) || takeNumbered(data, content)) return true;
  else if (/^[A-Z]{2,5}-\d{3,6}$/.test(content)) data.code ??= content;
  else if (requestId.test(content)) data.request_id ??= content;
  else if (place.test(content)) data.source ??= content;
  else if (padded.test(content)) data.source ??= content.replace(/ +/, "");
  else if (plain.test(content)) takeName(data, content, behindLevel);
  else if (behindLevel ? numberedThread.test(content) : spaced.test(content) && threadLike.test(content))
    data.thread ??= content;
  else return false;
  return true;
}

const processAndThread =
  /^(?:pid )?(\d{1,10})(?:(?:\/|:tid |:(?=[A-Z]))([A-Za-z\d][\w-]{0,60}(?: \([\w-]{1,60}\))?))?$/;

/** `7/Thread-1 (work)`, `pid 7:tid 8`, `pid 7`: a process and a thread. */
function takeProcess(data: HeadData, content: string): boolean {
  const found = processAndThread.exec(content);
  if (found === null) return false;
  data.pid ??= Number(found[1]);
  if (found[2] !== undefined) data.thread ??= found[2];
  return true;
}

const numbered = /^([A-Za-z_][\w.-]{0,60})\((\d{1,10})\)$/;

/** `shop(7)`: a program and its process. */
function takeNumbered(data: HeadData, content: string): boolean {
  const found = content.endsWith(")") ? numbered.exec(content) : null;
  if (found === null) return false;
  data.program ??= found[1] as string;
  data.pid ??= Number(found[2]);
  return true;
}

/** A name without brackets; of two loggers the first is rather the program's. */
export function takeName(data: HeadData, name: string, behindLevel: boolean): void {
  if (place.test(name)) data.source ??= name;
  else if (isThread(name, behindLevel)) data.thread ??= name;
  else if (data.logger === undefined) data.logger = name;
  else if (behindLevel && data.program === undefined) {
    data.program = data.logger;
    data.logger = name;
  } else data.thread ??= name;
}

function isThread(name: string, behindLevel: boolean): boolean {
  return behindLevel ? certainThread.test(name) : !name.includes(".") && threadLike.test(name);
}

const program = /^(?:([A-Za-z_@][\w.@/-]{0,100}?)(?:\/(?=\d)|$))?(\d{1,10})?$/;

/** `shop/7 on web1`, `shop/7`, `shop`: a program or logger, its process id and host. False for all else. */
export function takeProgram(data: HeadData, content: string): boolean {
  const on = content.indexOf(" on ");
  const host = on < 0 ? "" : content.slice(on + 4);
  const [all, name, pid] = program.exec(on < 0 ? content : content.slice(0, on)) ?? [];
  if (all === undefined || all === "" || !/^[\w.-]{0,255}$/.test(host)) return false;
  if (name !== undefined) data.logger ??= name;
  if (pid !== undefined) data.pid ??= Number(pid);
  if (host !== "") data.host ??= host;
  return true;
}

/** `7` as a number, `7:7` and more digits than a number holds as text. */
export function numberOrText(digits: string): number | string {
  return /^\d{1,15}$/.test(digits) ? Number(digits) : digits;
}
