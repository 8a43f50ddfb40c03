# The command with the headless shell. A container's process runs as an ordinary
# user; Chrome's own sandbox needs user namespaces ("No usable sandbox" where there
# are none), so run it with a seccomp profile that allows them, for example:
#   docker run --rm --security-opt seccomp=unconfined -v "$PWD:/data" cookieaudit scan https://example.org
#
# .deploy holds compose files for one node and for a fleet.
FROM golang:1.26-bookworm AS build
# npm fetches autoconsent, which is embedded.
RUN apt-get update \
 && apt-get install -y --no-install-recommends npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make build VERSION="$VERSION"

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell fonts-liberation poppler-utils \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home cookieaudit \
 && install -d -o cookieaudit /data
COPY --from=build /src/bin/cookieaudit /usr/local/bin/cookieaudit
COPY LICENSE NOTICE /usr/share/doc/cookieaudit/
USER cookieaudit
WORKDIR /data
ENTRYPOINT ["cookieaudit"]
