# Builds with the classic builder and with BuildKit, so nothing here needs a `# syntax` line or a cache mount.
#
#   docker build -t auroraq-log-sidecar .
#
# Where images or npm packages come from mirrors:
#   docker build --build-arg NODE_IMAGE=mirror.example/node:24-slim \
#                --build-arg NPM_CONFIG_REGISTRY=https://mirror.example/npm/ -t auroraq-log-sidecar .
# A base image that stays the same, whoever moves the tag, by its digest: `docker pull node:24-slim` prints it, and so does
# `docker image inspect --format '{{index .RepoDigests 0}}' node:24-slim`.
#   docker build --build-arg NODE_IMAGE=node:24-slim@sha256:<digest> -t auroraq-log-sidecar .
# An .npmrc of the folder is left out (.dockerignore), so that no token in it ends up in an image.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
# npm hears it; empty means npm's own default. Known in this stage only.
ARG NPM_CONFIG_REGISTRY=
WORKDIR /build
COPY package.json package-lock.json ./
# No install scripts: nothing the sidecar uses needs compiling.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/bundle.mjs scripts/
COPY src src
COPY web web
# The program takes its packages in: the image has no node_modules.
RUN npm run build

FROM ${NODE_IMAGE}
# The label keeps sidecars from following themselves and each other.
LABEL log-sidecar.self="true" \
      org.opencontainers.image.title="auroraq-log-sidecar" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /build/dist/main.js /build/dist/chunk-*.js /build/dist/healthcheck.sh /build/dist/healthcheck.cjs /build/dist/read-ahead.cjs /build/dist/lane.wasm /build/dist/finder.wasm /build/dist/unwrap.wasm /build/dist/licenses.txt dist/
COPY --from=build /build/dist/web dist/web
COPY rules rules
# logs: a named volume takes over this owner when it is first used. rules.d: where one's own rules are mounted.
RUN mkdir logs rules.d && chown 10001:10001 logs \
    && chmod 755 dist/main.js && ln -s /app/dist/main.js /usr/local/bin/log-sidecar

# What V8 makes of the program at its first start, kept for all later ones (Node 22 and newer; a tenth of a start): for root,
# as which it begins, and for its own user, where compose says `user:`; for commands, and with the flag below. Read-only from then on.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN mkdir -m 1777 compiled && node -e 'for (const uid of [0, 10001]) for (const flags of [[], ["--max-semi-space-size=8"]]) \
      require("child_process").spawnSync(process.execPath, [...flags, "dist/main.js", "run", "--log-dir", `/tmp/${uid}`, "--", "true"], \
      { uid, gid: uid, stdio: "inherit" })' \
    && rm -rf /tmp/0 /tmp/10001 && chown -R 0:0 compiled && chmod -R u=rwX,go=rX compiled

# Time zones: Node brings its own data, so TZ works whatever the base image has.
# MALLOC_ARENA_MAX: its threads ask for little at a time, and memory of their own for each of them would stay unused.
# SIDECAR_HTTP: on all addresses of the container; who can reach those is the compose file's to say.
# SIDECAR_DROP_TO: what it becomes when it is started as root (see docker-compose.sidecar.yml).
# SIDECAR_RULES_DIR: the rules of the image, then one's own; of two files with one name the later folder's is read.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    TZ=UTC \
    SIDECAR_DROP_TO=10001:10001 \
    SIDECAR_LOG_DIR=/app/logs \
    SIDECAR_HTTP=0.0.0.0:9600 \
    SIDECAR_RULES_DIR=/app/rules:/app/rules.d
EXPOSE 9600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/bin/sh", "/app/dist/healthcheck.sh"]
# Half of the room that Node gives young objects: 13 MB less under load, for the same CPU (docs/PERFORMANCE.md).
ENTRYPOINT ["node", "--max-semi-space-size=8", "/app/dist/main.js"]
CMD ["run"]
