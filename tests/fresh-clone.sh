#!/usr/bin/env bash
# Does a fresh clone start with the README's first command, on a machine that knows nothing of Parley?
# Clones HEAD into an empty folder with an empty home and an npmrc that holds only the registry, runs
# `npm ci && npm start`, waits for the page and for the first run to be measured, and prints seconds
# and megabytes. Stops everything it started.
#
#   tests/fresh-clone.sh [--as-user] [--no-compiler] [--no-chromium] [--ignore-scripts]
#
# --as-user: when root, as an ordinary user made for it; --no-compiler: CXX=/nonexistent, so the
# WebAssembly kernels must serve.
set -u
as_user=0 chromium=1 scripts= compiler=1
for option in "$@"; do
  case $option in
    --as-user) as_user=1 ;;
    --no-compiler) compiler=0 ;;
    --no-chromium) chromium=0 ;;
    --ignore-scripts) scripts=--ignore-scripts ;;
    *) echo "unknown option $option" >&2; exit 2 ;;
  esac
done

top=$(git -C "$(dirname "$0")" rev-parse --show-toplevel) || exit 2
work=$(mktemp -d)
mkdir "$work/home"
git clone -q "$top" "$work/parley" || exit 2
# Of this machine's settings only the way to the registry.
for file in "$HOME/.npmrc" "${NPM_CONFIG_USERCONFIG:-}"; do
  [ -f "$file" ] && grep -iE '^(@[^:]+:)?(registry|proxy|https-proxy|cafile|ca|strict-ssl)|^//' "$file"
done >"$work/home/.npmrc"

path=$PATH
if [ $chromium = 0 ]; then # a path on which no browser is found
  mkdir "$work/bin"
  for folder in ${PATH//:/ }; do
    [ -d "$folder" ] && for tool in "$folder"/*; do
      case ${tool##*/} in chromium* | google-chrome*) ;; *) ln -sf "$tool" "$work/bin/" ;; esac
    done
  done
  path=$work/bin
fi

port=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
environment=(HOME="$work/home" PATH="$path" PORT="$port" npm_config_cache="$work/home/.npm"
  NPM_CONFIG_USERCONFIG="$work/home/.npmrc" LANG=C.UTF-8)
[ $compiler = 0 ] && environment+=(CXX=/nonexistent)
# Settings of this shell that a new user would not have; certificates and proxies are the machine's.
for name in $(compgen -e | grep -iE '^(npm_|PARLEY_|DATABASE_URL$|CI$)' | grep -viE '(registry|proxy|cafile)$'); do
  unset "$name"
done
command="cd '$work/parley' && npm ci --no-audit --no-fund $scripts && exec npm start"
run=(env "${environment[@]}" bash -c "$command")
if [ $as_user = 1 ] && [ "$(id -u)" = 0 ]; then
  id parley-test >/dev/null 2>&1 || useradd --no-create-home --shell /bin/bash parley-test
  chown -R parley-test "$work" && chmod 755 "$work"
  run=(setpriv --reuid parley-test --regid parley-test --clear-groups "${run[@]}")
fi

started=$SECONDS
setsid "${run[@]}" >"$work/start.log" 2>&1 </dev/null &
group=$!
cleanup() {
  kill -TERM -- -$group 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 -- -$group 2>/dev/null || break; sleep 1; done
  kill -KILL -- -$group 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "FAILED: $1"; tail -40 "$work/start.log"; exit 1; }

url=http://localhost:$port
until curl -fsS -o /dev/null --max-time 3 "$url" 2>/dev/null; do
  kill -0 $group 2>/dev/null || fail "the command ended before the page answered"
  [ $((SECONDS - started)) -lt 900 ] || fail "no page after 900 s"
  sleep 1
done
echo "page answers after $((SECONDS - started)) s, $(du -sm --exclude=home "$work" | cut -f1) MB"

runs=$url/api/trpc/runs.list?input=%7B%22json%22%3A%7B%7D%7D
until curl -fsS --max-time 5 "$runs" 2>/dev/null | grep -q '"state":"done"'; do
  curl -fsS --max-time 5 "$runs" 2>/dev/null | grep -qE '"state":"(failed|lost)"' && fail "the first run failed"
  [ $((SECONDS - started)) -lt 1200 ] || fail "no measured run after 1200 s"
  sleep 1
done
echo "first run measured after $((SECONDS - started)) s"
grep -E ' s  |http' "$work/start.log" | head -20
