/** Patterns of names that stand in no brackets; those with a `y` at their end are sticky. */

/** A name, perhaps with a process id, before a level. */
export const before =
  /((?:[A-Za-z_\d]|\.\.\.\w)[\w.$:/@+-]{0,100}?(?:\([\w.@-]{0,100}\))?)(?: {0,24}\[(\d{1,10}(?::\d{1,10})?)\])?:?(?=[ \t|]|\[[A-Z])/y;
/** Monolog: `channel.LEVEL: `. */
export const channel = /([\w-]{1,60})\.(?=[A-Z]{4,9}: )/y;
/** A host and a program with its process id, as syslog daemons print them. */
export const syslog =
  /(?:([\w.-]{1,255}) )?([A-Za-z][\w./-]{0,100})\[(\d{1,10})(?:\.\d{1,20})?\](?: [\w.-]{1,100})?: /y;
export const syslogWithoutId = /([\w.-]{1,255}) ([\w./-]{1,100}): /y;
/** The time of syslog daemons that print ISO: with microseconds and an offset. */
export const syslogTime = /T[\d:]{8}\.\d{6}[+-]\d\d:\d\d$/;

export const place =
  /((?:(?<=\])\/)?[\w<>@.][\w./<>@-]{0,200}\.[A-Za-z]{1,5}(?::\d{1,7}|\(\d{1,7}\)(?=:)))(?::\d{1,7})?(?=[\s\]>]|:(?!\w))/y;
export const module = /in ([\w.]{1,100})(?=: )/y;
/** `name:function:line - `, and of classes and short numbers `name:line - `, `name line - `: others are hosts and ports. */
export const loguru =
  /((?=[A-Za-z_<])(?:[\w.<>$]{1,200}:[\w.<>$]{1,200}:\d{1,6}|(?=[\w.$]{0,200}[A-Z])[\w.<>$]{1,200}[: ]\d{1,6}|\w{1,60}(?:\.\w{1,60}){1,12}:\d{1,3}))(?= - )/y;
/** A function behind its place. */
export const called = /([\w.*()/-]{1,200}\(\))(?= )/y;
export const spring = /(\S{1,200})(?= {1,60}: )/y;
/** A class with its packages. */
export const javaClass = /((?:[a-z_][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,100}(?:\.[\w$<>]{1,60})?)(?= )/y;
export const columned = /([\w.$:/@-]{1,120})(?=\t(?!\{)| {0,40}\|)/y;
export const dotted =
  /([A-Za-z_][\w$]{0,60}(?:(?:\.|::)[\w$]{1,60}){1,12})(?= {1,40}(?:[-:>]|>>>) |:(?: |$))/y;
/** A program or database before the logger. */
export const beforeDotted = /([A-Za-z_?][\w-]{0,60}) (?=[A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,12}: )/y;
/** A name with points, or one of Python's own. */
export const bareDotted = /([A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,12}|__\w{1,60}__)(?= (?!\d{1,6} - ))/y;
export const isFile =
  /\.(?:com|org|net|io|internal|local|lan|svc|json|ya?ml|conf|log|txt|sh|go|py|[cm]?[jt]s|rs|java|rb|php|html?|css|sql|csv|so|jar)$/;
/** May be a logger's name, or the first word of a message. */
export const weak = /([A-Za-z_$][\w.$:/<>@·-]{0,100}?)(?= (?:[-:>]|>>>) |:(?: |$))/y;
/** First words that messages have: exceptions, levels. */
export const spoken = /(?:Error|Exception|Warning|Failure|error|warning|note|usage|hint)$/;
/** Files that no logger is named after. */
export const isDataFile =
  /\.(?:txt|log|json|ya?ml|toml|conf|html?|css|csv|sql|md|xml|pdf|png|jpe?g|svg|gz|zip|mp[34]|db)$/;
