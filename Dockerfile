# syntax=docker/dockerfile:1
# The shop in one image. Built with BuildKit, whose caches keep the dependencies between builds.
# For a GPU: --build-arg ENGINE_FEATURES=cuda, BUILD_ON an image with rustup and the CUDA toolkit, and RUN_ON one with its
# libraries, whose glibc is not older than that of BUILD_ON.
ARG RUST=1.96
ARG DEBIAN=bookworm
ARG NODE=22
ARG BUILD_ON=rust:${RUST}-${DEBIAN}
ARG RUN_ON=debian:${DEBIAN}-slim

FROM node:${NODE}-${DEBIAN}-slim AS node

FROM ${BUILD_ON} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Debian takes older versions away: one that is named here could not be had after the next repair.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential clang cmake libclang-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
RUN rustup component add clippy rustfmt && rustup target add wasm32-unknown-unknown

WORKDIR /lectern
ENV LECTERN_CACHE=/cache CARGO_TARGET_DIR=/cache/target PATH=/cache/tools/bin:/lectern/node_modules/.bin:$PATH
# Tools first: they change far less often than the shop does.
COPY Cargo.toml Cargo.lock package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN --mount=type=cache,target=/usr/local/cargo/registry scripts/setup build

COPY . .
ARG ENGINE_FEATURES=
# The engines run on another machine than this one: for what every x86-64 of the last ten years has (AVX2, FMA, F16C), not for
# what this one has beyond it.
ENV GGML_NATIVE=OFF
# Another profile than on a developer's machine: built once, run for long.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/cache/target \
    CI=true LECTERN_PROFILE=release LECTERN_ENGINES=${ENGINE_FEATURES} scripts/build \
    && mkdir -p /out/bin \
    && cp /cache/target/release/lectern /cache/target/release/lectern-whisper /cache/target/release/lectern-llama /out/bin/ \
    && cp -r /cache/target/site /out/site

FROM ${RUN_ON} AS runtime
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libgomp1 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin lectern \
    && install -d -o lectern -g lectern /data /data/models
COPY --from=build /out/bin /usr/local/bin
COPY --from=build /out/site /srv/lectern
COPY models/demo /usr/share/lectern/models/demo
COPY seed/catalogue.toml seed/categories.toml /usr/share/lectern/seed/
COPY seed/audio /usr/share/lectern/seed/audio
COPY seed/transcripts /usr/share/lectern/seed/transcripts
ENV LECTERN_DATA_DIR=/data \
    LECTERN_LISTEN=0.0.0.0:3000 \
    LECTERN_MODELS__DEMO_DIR=/usr/share/lectern/models/demo \
    LECTERN_SITE__ROOT=/srv/lectern
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# Well is a shop whose database answers. The start may bring the schema up to date first.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:3000/readyz"]
ENTRYPOINT ["lectern"]
CMD ["serve"]
