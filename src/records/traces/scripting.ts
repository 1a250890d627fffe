import { NOT_PART, never, type Trace } from "./trace.js";
import { reportsTrouble } from "./trouble.js";

const TRACE = 1;
const GAP = 2;
const FRAMES = 3;

/** Most lines are told apart by their last character or by this, faster than by the pattern. */
const RUBY_IN = ":in ";
const rubyPlace = /^[^\s:].{0,500}?:\d{1,7}:in [`']/;
const rubyClass = /\([A-Z]\w{0,100}(?:::\w{1,100}){0,5}\)$/;
const rubyFrame = /^\s{1,40}(?:\d+: )?from .{1,1000}?:\d{1,7}:in /;

/** `app.rb:9:in 'load': message (ArgumentError)`. The end is looked at by itself, so that no two parts multiply. */
function isRubyHead(text: string): boolean {
  return (
    text.endsWith(")") && text.includes(RUBY_IN) && rubyPlace.test(text) && rubyClass.test(text.slice(-700))
  );
}

/** `app.rb:5:in 'load'` and nothing behind it; behind a tab, as WEBrick prints it. */
function isRubyPlace(text: string): boolean {
  if (!text.endsWith("'") || !text.includes(RUBY_IN) || text.length >= 2_000) return false;
  return rubyPlace.test(text.startsWith("\t") ? text.slice(1) : text);
}

const luaHead = /^lua[\d.]{0,6}: [^\s:]{1,300}:\d{1,7}: /;

/** Lua: a message of several lines, whose further ones are indented, and the traceback. */
export const luaTrace: Trace = {
  begins: /^l/,
  follow: never,
  start: (text) => (luaHead.test(text) ? TRACE : NOT_PART),
  next: (state, text) => (text.startsWith("\t") || text === "stack traceback:" ? state : NOT_PART),
};

const railsHead = /^(?:[A-Z]\w{0,80}::){0,6}[A-Z]\w{0,80} \(.{0,4000}\):$/;
const railsFrame = /^(?:[\w.-]{1,80} \([\w.-]{1,40}\) )?\S{1,500}:\d{1,7}:in [`']/;

/** Rails: a class with its message in brackets, a line of blanks, and the frames of gems and the app. */
export const railsTrace: Trace = {
  begins: /^[A-Z]/,
  follow: never,
  start: (text) => (text.endsWith("):") && railsHead.test(text) ? TRACE : NOT_PART),
  next: (state, text) => {
    if (text.trim() === "") return state === TRACE ? GAP : NOT_PART;
    if (text === "Causes:" || railsHead.test(text)) return TRACE;
    return text.includes(RUBY_IN) && railsFrame.test(text) ? FRAMES : NOT_PART;
  },
};

/** Ruby: an uncaught exception with its causes, and the backtrace that its Logger prints behind a message. */
export const rubyTrace: Trace = {
  follow: (before, text) => (isRubyPlace(text) && reportsTrouble(before) ? GAP : NOT_PART),
  start: (text) => (isRubyHead(text) ? TRACE : NOT_PART),
  next: (state, text) => {
    if (state === GAP) return isRubyPlace(text) ? GAP : NOT_PART;
    return rubyFrame.test(text) || isRubyHead(text) ? TRACE : NOT_PART;
  },
};

const phpFrame = /^#\d{1,5} (?:\{main\}|\[internal function\]|.{1,1000}\(\d+\): )/;
const phpFurther =
  /^(?:Stack trace:|\[(?:previous exception|stacktrace)\].{0,2000}| {2}thrown in .{1,1000}|"\} ?)$/;
const phpNext = /^Next .{1,8000} in .{1,1000}:\d+$/;
/** The last line of a message of several says the place alone: `… in /app/a.php:3`. */
const phpTrouble = /exception|error|uncaught|\.php:\d{1,7}$/i;

/** PHP: an uncaught exception with those before it, and Monolog's line formatter with `[stacktrace]`. */
export const phpTrace: Trace = {
  begins: /^[S[#]/,
  follow: (before, text) => {
    if (text === "Stack trace:" || text === "[stacktrace]") return phpTrouble.test(before) ? TRACE : NOT_PART;
    return text.startsWith("#0 ") && phpFrame.test(text) && reportsTrouble(before) ? TRACE : NOT_PART;
  },
  start: never,
  next: (state, text) => {
    if (text === "") return state === GAP ? NOT_PART : GAP;
    if (phpNext.test(text)) return TRACE;
    if (state === GAP) return NOT_PART;
    return phpFrame.test(text) || phpFurther.test(text) ? TRACE : NOT_PART;
  },
};
