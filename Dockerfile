# The service and its command line: `docker run … palimpsest serve | tokens | verify | copy …`.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run -s build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Node.js itself is among the optional packages, for machines that have none.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-* node_modules/.bin

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    PALIMPSEST_HOST=0.0.0.0 \
    PALIMPSEST_DATA=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
# New volumes get their owner from here. /access is for what several nodes share: PALIMPSEST_ACCESS.
RUN ln -s /app/dist/cli/main.js /usr/local/bin/palimpsest \
 && chmod +x dist/cli/main.js \
 && install -d -o node -g node -m 700 /data /access
USER node
VOLUME /data
EXPOSE 3000
# Whether the process answers. A node that is behind says so at /health/ready, which is the proxy's to ask: restarting it
# would only put it further behind.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PALIMPSEST_PORT || 3000}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/cli/main.js"]
CMD ["serve"]
