# Shared by the scripts beside it: sets a fresh Debian machine up and builds once, in release mode, for everything.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
yima="$root/.build/release/yima"
venv="$root/.build-python"

libraries="pkg-config libsqlite3-dev libssl-dev libqrencode-dev libzint-dev libcairo2-dev libpango1.0-dev libarchive-dev libxlsxwriter-dev libpq-dev libturbojpeg0-dev libjs-bootstrap5 libjs-leaflet libjs-chart.js fonts-noto-cjk"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

# install PACKAGE …: through apt, only what is missing.
install() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing ${missing[*]} …"
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# postgres_start: a PostgreSQL server of our own in a temporary folder, reached by a socket only; `YIMA_TEST_POSTGRES`
# names its database. It ends with the script.
postgres_start() {
  local bin folder as=()
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  folder=$(mktemp -d /tmp/yima-postgres-XXXXXX)
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    as=(runuser -u postgres --)
  fi
  "${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-k $folder -c listen_addresses='' -c max_connections=400" start >/dev/null
  trap "${as[*]} '$bin/pg_ctl' -D '$folder/data' -m immediate stop >/dev/null; rm -rf '$folder'" EXIT
  "${as[@]}" "$bin/createdb" -h "$folder" -U postgres yima
  export YIMA_TEST_POSTGRES="postgres://postgres@/yima?host=$folder"
}

need_swift() {
  command -v swift >/dev/null || {
    echo "Swift 6.3 is needed: https://www.swift.org/install/linux/debian/12" >&2
    exit 1
  }
}

# python_tools: a virtual environment with what the end-to-end tests need from PyPI.
python_tools() {
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv" 2>/dev/null || { install python3-venv; python3 -m venv "$venv"; }
  "$venv/bin/python" - <<'P' 2>/dev/null || "$venv/bin/pip" install -q -r tools/requirements.txt
import sys
from importlib.metadata import version
for line in open("tools/requirements.txt"):
    if line.strip() and not line.startswith("#"):
        name, wanted = line.strip().split("==")
        if version(name) != wanted: sys.exit(1)
P
}

# newer_than STAMP: whether a source changed since the stamp was made.
newer_than() { [ ! -e "$1" ] || [ -n "$(find Package.swift Sources codes Tests -newer "$1" -print -quit)" ]; }

# build [ARGUMENT …]: a release build, unless nothing changed since the last one with these arguments.
build() {
  local stamp=".build/stamp-$(printf '%s' "$*" | cksum | cut -d' ' -f1)"
  newer_than "$stamp" || return 0
  need_swift
  say "Building (the first time takes 6 to 12 minutes on two cores, later seconds to a minute) …"
  local start=$SECONDS log=.build-log.txt
  if ! swift build -c release "$@" 2>&1 | tee "$log" | (if [ -t 1 ]; then cat; else grep -E 'error:|warning: unre' || true; fi) >&2; then
    [ -t 1 ] || tail -50 "$log" >&2
    exit 1
  fi
  touch "$stamp"
  say "Built in $((SECONDS - start)) s."
}
