/** One row of the error table: what the code means, what to do about it, and how the process ends with it. */
export interface ErrorEntry {
  readonly summary: string;
  readonly remedy: string;
  /** Whether the same attempt can succeed later without anyone changing anything. */
  readonly retry: boolean;
  /** Exit status when the error ends the process: 1 failed, 78 configuration or rules wrong (sysexits EX_CONFIG). */
  readonly exit: 1 | 78;
}

/** Every coded error of the sidecar. docs/ERRORS.md is this table; a test holds the two together. */
export const ERRORS = {
  SETTINGS_INVALID: {
    summary: "A setting has a value that cannot be used.",
    remedy: "Correct the setting named in the message; `log-sidecar run --help` lists all of them.",
    retry: false,
    exit: 78,
  },
  RULES_INVALID: {
    summary: "The rules have errors; none of them was put to use.",
    remedy: "Correct the places named in the message and run `log-sidecar check`.",
    retry: false,
    exit: 78,
  },
  ENGINE_ABSENT: {
    summary: "No Docker Engine answers at the address.",
    remedy: "Start the engine, mount its socket into the container, or set DOCKER_HOST.",
    retry: true,
    exit: 1,
  },
  ENGINE_FORBIDDEN: {
    summary: "The Docker socket may not be used by this user.",
    remedy: "Give the sidecar the socket's group, for example with group_add in the compose file.",
    retry: true,
    exit: 1,
  },
  ENGINE_ANSWER: {
    summary: "The Docker Engine refused a request or answered something that cannot be understood.",
    remedy:
      "See the engine's own log; a socket proxy must allow GET on containers, events, info and version.",
    retry: true,
    exit: 1,
  },
  ENGINE_TIMES: {
    summary:
      "The engine gives the times of lines in another form than Docker Engine does, so their place cannot be kept.",
    remedy:
      "Run the containers whose lines are to be collected on Docker Engine, or on Podman: see docs/PODMAN.md.",
    retry: false,
    exit: 1,
  },
  PODMAN_LOG: {
    summary:
      "The lines of a container of Podman cannot be had: its API tells times in whole seconds, so they come from its log file.",
    remedy:
      "Mount the folder overlay-containers of Podman's storage read-only, name it in SIDECAR_ENGINE_FILES, and let the sidecar read it as root; see docs/PODMAN.md.",
    retry: true,
    exit: 1,
  },
  ENGINE_FILES: {
    summary: "A container's log file cannot be read from the folder that SIDECAR_ENGINE_FILES names.",
    remedy:
      "Its lines come through the log API meanwhile. Mount /var/lib/docker/containers read-only, and let the sidecar read root's files; see docs/SETTINGS.md.",
    retry: false,
    exit: 1,
  },
  LOG_DRIVER_UNREADABLE: {
    summary: "The container's log driver cannot be read back through the engine.",
    remedy:
      "Use the json-file, local or journald driver for the container, or keep the engine's dual logging on.",
    retry: false,
    exit: 1,
  },
  LOG_DIR_UNWRITABLE: {
    summary: "The log folder cannot be read or written by this user.",
    remedy: "Give the folder to the user that the sidecar runs as.",
    retry: false,
    exit: 1,
  },
  VOLUME_LOCKED: {
    summary: "Another sidecar works on this log volume.",
    remedy: "Stop the other one, or give this one a log folder of its own.",
    retry: false,
    exit: 1,
  },
  CHECKPOINT_BROKEN: {
    summary: "The checkpoint cannot be read.",
    remedy: "It was set aside and the previous one is used; nothing needs to be done unless both are broken.",
    retry: false,
    exit: 1,
  },
  DISK_FULL: {
    summary: "The disk of the log folder is full.",
    remedy: "Free some space; collecting goes on by itself and the engine keeps the lines until then.",
    retry: true,
    exit: 1,
  },
  STORE_FAILED: {
    summary: "The log folder could not be written.",
    remedy: "See the cause; the disk or the mount may be faulty.",
    retry: true,
    exit: 1,
  },
  RETENTION_FAILED: {
    summary: "A file could not be compressed, moved to the archive or deleted.",
    remedy: "See the cause; the file is as it was, and the next run tries again.",
    retry: true,
    exit: 1,
  },
  RETENTION_RUNNING: {
    summary: "Retention is at work on this log folder already.",
    remedy: "Wait until it has ended; the sidecar runs it by itself too.",
    retry: true,
    exit: 1,
  },
  PRIVILEGES_KEPT: {
    summary: "The sidecar was started as root and could not give that up.",
    remedy:
      "Let the container have the capabilities CHOWN, SETGID and SETUID, or start it with `user: 10001:10001`.",
    retry: false,
    exit: 1,
  },
  COMMAND_FAILED: {
    summary: "The command to collect from could not be started.",
    remedy: "Check the name of the program and that it can be executed.",
    retry: false,
    exit: 1,
  },
  EXPORT_FAILED: {
    summary: "Training samples or rows of a table could not be exported.",
    remedy: "See the cause; nothing stands under the export's name.",
    retry: false,
    exit: 1,
  },
  FILE_DAMAGED: {
    summary: "A file of the log folder is damaged.",
    remedy: "Bring it back from a copy (`gzip -t` tests it), or move it away.",
    retry: false,
    exit: 1,
  },
  SIDECAR_ABSENT: {
    summary: "No running sidecar was found for this log folder.",
    remedy: "Start it with `log-sidecar run`, or name its log folder with --log-dir.",
    retry: true,
    exit: 1,
  },
  NATS_ABSENT: {
    summary: "No NATS server answers at the address, or it refused the connection.",
    remedy: "Start it, or correct the address; the engines keep the lines until then.",
    retry: true,
    exit: 1,
  },
  NATS_FORBIDDEN: {
    summary: "The NATS server does not know the user, or does not let it do what it has to.",
    remedy:
      "Correct the credentials, or the permissions of the user; docs/MANY-HOSTS.md lists what each needs.",
    retry: true,
    exit: 1,
  },
  NATS_TLS: {
    summary:
      "The NATS server and this host do not trust each other's certificates, or only one of them wants TLS.",
    remedy:
      "Set SIDECAR_NATS_CA_FILE to the authority that signed the server's certificate, which must name the address that is asked; SIDECAR_NATS_CERT_FILE and SIDECAR_NATS_KEY_FILE where the server wants one.",
    retry: true,
    exit: 1,
  },
  NATS_STREAM: {
    summary: "The NATS server has no stream for the lines, or one that cannot be used.",
    remedy:
      "Make or mend it by `log-sidecar nats init`; the server must run with JetStream, and SIDECAR_NATS_DOMAIN be set where a host has an account of its own.",
    retry: true,
    exit: 1,
  },
  NATS_FULL: {
    summary: "The stream is full and takes no more lines.",
    remedy:
      "Start the consumer, which makes room as it stores, or give the stream more with `log-sidecar nats init --max-bytes`; the engines keep the lines until then.",
    retry: true,
    exit: 1,
  },
  NATS_MESSAGE: {
    summary:
      "A message of the stream is no batch of lines, is damaged, or is of another host than its subject says.",
    remedy: "It is left out; let only forwarders publish there (docs/MANY-HOSTS.md).",
    retry: false,
    exit: 1,
  },
  NATS_NEWER: {
    summary: "A message of the stream is of a newer version of the forwarder.",
    remedy: "Update this consumer; the message stays in the stream until then.",
    retry: false,
    exit: 1,
  },
  HTTP_ADDRESS: {
    summary: "The address of HTTP cannot be listened on.",
    remedy: "Give SIDECAR_HTTP another address or port, or off.",
    retry: false,
    exit: 1,
  },
  HTTP_TOKEN: {
    summary: "An HTTP request came without the token, or with a wrong one.",
    remedy: "Send `Authorization: Bearer` with the value of SIDECAR_HTTP_TOKEN.",
    retry: false,
    exit: 1,
  },
  HTTP_ATTEMPTS: {
    summary: "Too many wrong tokens came from one address.",
    remedy: "Wait a minute, and send the right one.",
    retry: true,
    exit: 1,
  },
  HTTP_FORBIDDEN: {
    summary: "An HTTP request came from where it is not answered, or under a name that is not the sidecar's.",
    remedy:
      "Ask on loopback (in the container), or set SIDECAR_HTTP_TOKEN; other names are added by SIDECAR_HTTP_HOSTS.",
    retry: false,
    exit: 1,
  },
  HTTP_MISDIRECTED: {
    summary: "An HTTP request was meant for another sidecar.",
    remedy: "Ask the one whose status.json named the address.",
    retry: false,
    exit: 1,
  },
  HTTP_REQUEST: {
    summary: "An HTTP request cannot be understood, or is larger or slower than requests may be.",
    remedy: "See docs/HTTP.md for what can be asked.",
    retry: false,
    exit: 1,
  },
  HTTP_FAILED: {
    summary: "An HTTP request could not be answered because of an error in the sidecar.",
    remedy: "See the sidecar's own log.",
    retry: true,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
