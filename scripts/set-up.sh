# What ./run and ./test have in common: finding what is missing and installing it. Sourced, not run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=$ROOT/.cache
NODE_NEEDED=20.19.0

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# need COMMAND=PACKAGE ...: installs the packages whose command is not there.
need() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || [ -x "${pair%%=*}" ] || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

install_packages() {
    say "Missing: $*"
    command -v apt-get >/dev/null || stop "This system has no apt-get. Install these packages (Debian's names), then start again: $*"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "Not root, and there is no sudo. Ask an administrator for: apt-get install $*"
        as_root=(sudo)
    fi
    say "Installing them with apt-get"
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        stop "apt-get could not install: $*"
}

need_rust() {
    [ -x "$HOME/.cargo/bin/cargo" ] && PATH=$HOME/.cargo/bin:$PATH
    command -v cargo >/dev/null || stop "Missing: a Rust toolchain, 1.90 or newer. Get it from https://rustup.rs, then start again."
    need cc=build-essential
}

# A node new enough for the web build: the system's, else a private one in the cache folder.
need_node() {
    local private=$CACHE/node/node_modules/node/bin
    [ -x "$private/node" ] && PATH=$private:$PATH
    new_enough && return
    need node=nodejs npm=npm
    new_enough && return
    say "The system's node is older than $NODE_NEEDED: bringing a private one into .cache/node"
    npm install --silent --no-fund --no-audit --prefix "$CACHE/node" node@22 >&2
    PATH=$private:$PATH
    new_enough || stop "No node $NODE_NEEDED or newer could be had. Install one, then start again."
}

new_enough() {
    command -v npm >/dev/null && command -v node >/dev/null &&
        node -e 'const have = process.versions.node.split(".").map(Number), need = process.argv[1].split(".").map(Number);
            process.exit(have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1]) ? 0 : 1)' "$NODE_NEEDED"
}

# fresh STAMP FILE ...: whether nothing below the files changed since STAMP was written by stamp.
fingerprint() { (cd "$ROOT" && find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum); }

web_packages() {
    local stamp=$CACHE/web-packages
    [ -d "$ROOT/web/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint web/package-lock.json)" ] && return
    say "Fetching the web app's packages"
    (cd "$ROOT/web" && npm ci --silent --no-fund --no-audit >&2)
    mkdir -p "$CACHE" && fingerprint web/package-lock.json >"$stamp"
}

web_app() {
    local stamp=$CACHE/web-app
    [ -f "$ROOT/web/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint web)" ] && return
    web_packages
    say "Building the web app"
    (cd "$ROOT/web" && npm run --silent build >&2)
    mkdir -p "$CACHE" && fingerprint web >"$stamp"
}
