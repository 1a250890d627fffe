/** Patterns of single pieces of a head; all of them are sticky. */

/** A number that is a process or thread id when a level, a bracket, a time or Spring's dashes come next. */
export const id =
  /(\d{1,10}(?:#\d{1,10}(?=:)|[:-]\d{1,10})?):?(?=[ \t|]{1,4}(?:- {1,2}\d|---|[[<]|[A-Z]{3}))/y;
export const pair = /([A-Za-z_][\w.]{0,40})=([^\s"[\]]{1,100})(?= )/y;
/** Erlang's reports: the time follows, and the message stands on the next line. */
export const report = /=([A-Z]{4,9}) REPORT={2,4}(?= )/y;
export const address = /(?:0x[\da-f]{6,16}|(?=[a-f]{0,15}\d)[\da-f]{8,16})(?= )/y;
/** A name before a level, with nothing to set either off: `shop.cart INFO paid`. */
export const nameThenLevel =
  /([A-Za-z_][\w-]{0,60}(?:\.[\w-]{1,60}){0,12}) {1,24}(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,8}\S)/y;
/** Dancer: a name, and `@` before the time. */
export const beforeAt = /(?:([\w.-]{1,40}) )?@(?=\d{4}-\d\d-\d\d)/y;
/** A name in a column before the level, as in Python's cookbook, before a level between dashes, or before one between colons. */
export const nameBeforeLevel =
  /([A-Za-z_][\w.-]{0,60})(?: {0,24}: {1,2}(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) )| {1,24}- {1,2}(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,8}- )|: (?=(?:debug|info|notice|warning|error|critical)(?: \d{1,2})?: |\[(?:DEBUG|INFO|WARN|WARNING|ERROR)\] )|\.(?=(?:TRACE|VERBOSE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY|FATAL): ))/y;
/** A place in the source before a level between colons. */
export const placeBeforeLevel =
  /([\w./-]{1,100}\.[a-z]{1,4}:\d{1,7}): (?=(?:trace|debug|info|notice|warn|warning|error|fatal|critical): )/y;
/** A degree behind a level: `debug 1: `. */
export const degree = / \d{1,2}(?=: )/y;
export const processName = /\/([\w-]{1,60})/y;
export const letterAndTime = /([TDIWEFVC]) (?=\d)/y;
/** A letter right before the time, and the hours of the zone in brackets behind it: Meteor. */
export const letteredTime = /([TDVIWEFC])(\d{8}-\d\d:\d\d:\d\d\.\d{3})(?:\(-?\d{1,2}\))?\??(?= |$)/y;
/** Go's `log` prints its prefix before the time, with nothing between but what the prefix ends with. */
export const gluedPrefix = /([A-Za-z_][\w.-]{0,40}?):? ?(?=\d{4}\/\d\d\/\d\d \d\d:)/y;
/** tinyproxy: a word of its own for the level, then the time. */
export const wordBeforeTime = /([A-Z]{3,12}) {1,8}(?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\d{4}-\d\d-\d\d[ T])/y;
/** A level behind blanks: lined up to the right before a colon or a date, or among longer words, or drawn as a badge. */
export const paddedLevel =
  /(?: {1,8}(?=(?:trace|debug|info|warn|error|verb|verbo|silly|fatal): |[A-Z]{3,8} {1,3}\d{4}[-/]\d\d[-/]\d\d |[A-Z]{4,8}\[\d{4,8}\] )| {1,2}(?=(?:INFO|WARN|DEBUG|ERROR|TRACE) \S)| (?=(?:[A-Z]{4,8}|[A-Z][a-z]{2,8}) {2}))([A-Za-z]{3,8})/y;
/** A name in a column, the level in small letters in another. */
export const namedColumn =
  /([\w.:-]{1,40}) {1,24}(?=(?:trace|debug|info|warn|warning|error|fatal|critical)\t)/y;
