# Builds with the classic builder and with BuildKit, so nothing here needs a `# syntax` line or a cache mount.
#
#   docker build -t auroraq-log-sidecar .
#
# Where images or npm packages come from mirrors:
#   docker build --build-arg NODE_IMAGE=mirror.example/node:24-slim \
#                --build-arg NPM_CONFIG_REGISTRY=https://mirror.example/npm/ -t auroraq-log-sidecar .
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
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
    # Written for debuggers and compilers; the running program reads neither.
    && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -type f -exec rm -f {} + \
    && find node_modules -depth -type d -empty -exec rmdir {} \;

FROM ${NODE_IMAGE}
# The label keeps sidecars from following themselves and each other.
LABEL log-sidecar.self="true" \
      org.opencontainers.image.title="auroraq-log-sidecar" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY rules rules
# logs: a named volume takes over this owner when it is first used. rules.d: where one's own rules are mounted.
RUN mkdir logs rules.d && chown 10001:10001 logs \
    && chmod 755 dist/main.js && ln -s /app/dist/main.js /usr/local/bin/log-sidecar

# Time zones: Node brings its own data, so TZ works whatever the base image has.
# SIDECAR_DROP_TO: what it becomes when it is started as root (see docker-compose.sidecar.yml).
# SIDECAR_RULES_DIR: the rules of the image, then one's own; of two files with one name the later folder's is read.
ENV NODE_ENV=production \
    TZ=UTC \
    SIDECAR_DROP_TO=10001:10001 \
    SIDECAR_LOG_DIR=/app/logs \
    SIDECAR_RULES_DIR=/app/rules:/app/rules.d
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["node", "/app/dist/main.js", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["run"]
