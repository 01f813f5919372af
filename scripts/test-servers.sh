# A PostgreSQL and an S3 server for tests, ended with the shell. Sourced, not run.
# shellcheck shell=bash

start_test_servers() {
    SERVERS=$(mktemp -d "${TMPDIR:-/tmp}/picturelock-servers.XXXXXX")
    trap stop_test_servers EXIT
    start_postgres
    start_s3
    judges
}

stop_test_servers() {
    [ -z "${S3_PID:-}" ] || kill "$S3_PID" 2>/dev/null || true
    as_postgres "$POSTGRES_BIN/pg_ctl" -D "$SERVERS/postgres" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$SERVERS"
}

# PostgreSQL refuses to run as root: then it runs as the user its package made.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_postgres() {
    POSTGRES_BIN=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    local port
    port=$(free_port)
    chmod 711 "$SERVERS"
    mkdir "$SERVERS/postgres"
    [ "$(id -u)" -ne 0 ] || chown postgres "$SERVERS/postgres"
    as_postgres "$POSTGRES_BIN/initdb" -D "$SERVERS/postgres" -A trust -U postgres -E UTF8 >/dev/null
    # Tests make their own databases and lose them with the folder, so nothing needs to reach the disk.
    as_postgres "$POSTGRES_BIN/pg_ctl" -D "$SERVERS/postgres" -w -l "$SERVERS/postgres/log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -k '' -c fsync=off -c max_connections=400" start >/dev/null
    export PICTURELOCK_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
}

start_s3() {
    python_tools s3 scripts/s3-server.txt
    local port
    port=$(free_port)
    "$CACHE/s3/bin/moto_server" -H 127.0.0.1 -p "$port" >"$SERVERS/s3.log" 2>&1 &
    S3_PID=$!
    export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test PICTURELOCK_TEST_S3=http://127.0.0.1:$port
    local try
    for try in $(seq 100); do
        curl --silent --fail --request PUT "$PICTURELOCK_TEST_S3/picturelock" >/dev/null 2>&1 && return
        kill -0 "$S3_PID" 2>/dev/null || stop "The S3 test server ended: $(cat "$SERVERS/s3.log")"
        python3 -c 'import time; time.sleep(0.2)'
    done
    stop "The S3 test server did not answer after $try tries"
}

judges() {
    python_tools judges crates/exchange/tests/judges.txt
    export PICTURELOCK_JUDGES_PYTHON=$CACHE/judges/bin/python
}

# python_tools NAME LIST: a Python environment of its own with the pinned packages of LIST.
python_tools() {
    [ "$(cat "$CACHE/$1/packages" 2>/dev/null)" = "$(cat "$ROOT/$2")" ] && return
    say "Fetching the Python packages of $2"
    python3 -m venv --clear "$CACHE/$1"
    "$CACHE/$1/bin/pip" install --quiet --disable-pip-version-check -r "$ROOT/$2" >&2
    cp "$ROOT/$2" "$CACHE/$1/packages"
}
