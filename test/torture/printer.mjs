/** The program that runs in the containers: numbered lines of all sorts on both streams. */

/**
 * A script for BusyBox's shell. It prints until `/control/stop` is there, says its last words without a line end, and waits to be
 * stopped. Each line carries `<name>-<run>-<number>`, and `run` counts the starts of the container.
 *
 * Among the lines: JSON of each kind that rules/torture.yaml knows, text, Python's tracebacks, empty lines, letters beyond ASCII,
 * bytes that are not UTF-8, and lines of 16,383, 16,384, 20,000 and 40,000 bytes, the longest so that letters lie across the
 * engine's cuts at 16,384.
 * @param {{ name: string, burst: number, pauseUs: number, lines?: number, falls?: "silent" }} options `burst` lines, then a pause; now
 *   and then twenty times as many at once. The more it has printed the longer it pauses: a slow machine must not have more to do than
 *   a fast one. With `lines` it ends after so many, or falls silent behind them until it is started again.
 */
export function printerScript({ name, burst, pauseUs, lines, falls }) {
  const goesOn = lines === undefined ? "[ ! -e /control/stop ]" : `[ $n -lt ${lines} ]`;
  const lastWords = `n=$((n + 1)); printf '%s' "${name}-$run-$n last words"`;
  const waits = lines === undefined || falls === "silent";
  return `
run=$(($(cat /tmp/run 2>/dev/null || echo 0) + 1)); echo $run > /tmp/run
of() { head -c $1 /dev/zero | tr '\\0' $2; }
p100=$(of 100 p); x20=$(of 19800 x); y40=$(of 39900 y); u40=$(of 13300 u | sed 's/u/€/g')
z16=$(of 16384 z)
object() { printf '{"id":"%s","kind":"%s","n":%d,"x":%d.5,"label":%d,"says":"%s","pad":"%s"}\\n' "$id" $1 $n $n $((n % 3)) "$2" "$3"; }
list() { printf '{"id":"%s","kind":"list","n":%d,"values":[%s],"label":%d}\\n' "$id" $n "$1" $n; }
exact() { head="$id exactly "; printf '%s%s\\n' "$head" "\${z16:\${#head}}"; }
trace() {
  echo 'Traceback (most recent call last):'
  echo "  File \\"/app/step.py\\", line $n, in run"
  echo "    step('$id')"
  if [ $((n % 40)) = 0 ]; then
    echo "KeyError: '$id'"; echo
    echo 'During handling of the above exception, another exception occurred:'; echo
    echo 'Traceback (most recent call last):'
    echo '  File "/app/main.py", line 3, in <module>'
  fi
  echo "ValueError: $id went wrong"
}
one() {
  n=$((n + 1)); id=${name}-$run-$n
  case $((n % 100)) in
    25) object all 'twenty thousand' $x20; return ;;
    31) exact; return ;;
    50) echo "$id forty thousand $y40" >&2; return ;;
    61) z16=\${z16#z}; exact >&2; z16=z$z16; return ;;
    75) object all 'beyond ASCII' $u40; return ;;
    99) object train 'twenty thousand' $x20 >&2; return ;;
  esac
  case $((n % 20)) in
    0) trace >&2 ;;
    1) object sum plain $p100 ;;
    2) object train plain $p100 ;;
    3) object tag plain $p100 ;;
    4) object all plain $p100 ;;
    5) object raw plain $p100 >&2 ;;
    6) object all 'to stderr' $p100 >&2 ;;
    7) echo "$id grün, kühl, 5 €, 日本, 😀 $p100" ;;
    8) echo "$id on stderr $p100" >&2 ;;
    9) list "$n.25,$n" ;;
    10) list $n >&2 ;;
    11) echo ;;
    12) object sum 'grün, \\"quoted\\",\\nsecond' $p100 >&2 ;;
    13) printf '%s not UTF-8: \\377\\376 end\\n' "$id" ;;
    14) printf '{"id":"%s","kind":"raw","n":%d,"level":"error","message":"%s failed"}\\n' "$id" $n "$id" ;;
    15) object train 'to stderr' $p100 >&2 ;;
    16) trace ;;
    17) object tag 'to stderr' $p100 >&2 ;;
    *) echo "$id on stdout $p100" ;;
  esac
}
n=0; turn=0
while ${goesOn}; do
  turn=$((turn + 1)); left=${burst}
  [ $((turn % 25)) = 0 ] && left=${burst * 20}
  while [ $left -gt 0 ]; do one; left=$((left - 1)); done
  usleep $((${pauseUs} * (1 + n / 1000)))
done
${falls === "silent" ? "" : lastWords}
${waits ? "while true; do sleep 100; done" : ""}
`;
}
