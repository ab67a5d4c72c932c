# One static binary and nothing else: no shell, no package manager, nothing to write to.
#   docker build -t plimsoll .
#   docker run --rm --read-only --network none -v "$PWD:/manifests:ro" plimsoll scan .
FROM rust:1.95-bookworm AS build
WORKDIR /source
# The cryptography behind TLS holds C, which needs a compiler for musl.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends musl-tools && rm -rf /var/lib/apt/lists/*
COPY . .
RUN target="$(uname -m)-unknown-linux-musl" \
    && rustup target add "$target" \
    && cargo build --release --locked --package plimsoll --target "$target" \
    && cp "target/$target/release/plimsoll" /plimsoll

FROM scratch
COPY --from=build --chmod=0555 /plimsoll /plimsoll
COPY LICENSE /LICENSE
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
WORKDIR /manifests
ENTRYPOINT ["/plimsoll"]
CMD ["scan", "."]
