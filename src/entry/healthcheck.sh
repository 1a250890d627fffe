#!/bin/sh
# The health check of the image, which runs every 30 seconds for as long as a container lives. A sidecar that is well says so in the first
# line of its status (status/status-writer.ts), and reading that takes a twentieth of what a start of Node takes. Whatever else there is to
# be said, healthcheck.cjs beside this says.

# What is older is no sign of life (status/life.ts).
sign_of_life='20 seconds ago'

status="${SIDECAR_LOG_DIR:-${ONNX_UNIFIED_LOG_DIR:-/app/logs}}/.sidecar/status.json"

is_well() {
  # A command line may name another log folder.
  read -r command < /proc/1/cmdline
  case "$command" in *--log-dir*) return 1 ;; esac
  read -r head < "$status" || return 1
  case "$head" in '{"at":"'????-??-??T??:??:??.???Z'","healthy":true,') ;; *) return 1 ;; esac
  at=${head#*:\"}
  oldest=$(date -u -d "$sign_of_life" +%Y-%m-%dT%H:%M:%S) || return 1
  [ "${at%%\"*}" \> "$oldest" ]
}

if [ "$1" = as-dropped ]; then
  is_well
  exit
fi
if [ -r "$status" ] || [ -z "$SIDECAR_DROP_TO" ]; then
  is_well
else
  # Root without its capabilities may not read what belongs to the user that the sidecar became.
  setpriv --reuid "${SIDECAR_DROP_TO%:*}" --regid "${SIDECAR_DROP_TO#*:}" --clear-groups /bin/sh "$0" as-dropped
fi 2> /dev/null && echo healthy && exit
exec node "${0%/*}/healthcheck.cjs"
