#!/bin/sh
# Prints how fast Quern generates on this machine's Vulkan driver, beside llama.cpp's Vulkan backend on the same driver and
# llama.cpp's processor backend: same model, same prompt, greedy. Meant for machines whose only Vulkan driver is lavapipe,
# where it runs as it is.
#
#   bench/lavapipe-vs-llama.cpp [TOKENS] [MODEL] [PROMPT]
#
# TOKENS defaults to 32, MODEL to smollm2-135m (a name of `quern pull`, or a GGUF file), PROMPT to "Once upon a time".
# llama.cpp comes as built by node-llama-cpp 3.22.1 (llama.cpp 0.5.0), through npm, into the cache; Linux on x86-64 only.
# Each engine runs twice in one process; the first run of each is counted as "first", the second as "then".
set -eu

root=$(CDPATH='' cd -- "$(dirname "$0")/.." && pwd -P)
tokens=${1:-32}
model=${2:-smollm2-135m}
prompt=${3:-Once upon a time}
version=3.22.1

fail() {
    echo "bench: $1" >&2
    exit 1
}

[ "$(uname -sm)" = "Linux x86_64" ] || fail "this build of llama.cpp is for Linux on x86_64, and this machine is $(uname -sm)"
command -v npm >/dev/null 2>&1 || fail "npm is not there; install Node.js 20 or later"
command -v node >/dev/null 2>&1 || fail "node is not there; install Node.js 20 or later"

if [ -f "$model" ]; then
    file=$model
else
    file=$("$root/quern" pull "$model")
fi

# The same place as the command's own cache.
cache=${QUERN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/quern}
peer=$cache/node-llama-cpp-$version
if [ ! -f "$peer/complete" ]; then
    echo "bench: fetching llama.cpp ..." >&2
    rm -rf "$peer"
    mkdir -p "$peer"
    echo '{"name": "bench", "version": "1.0.0", "private": true, "type": "module"}' >"$peer/package.json"
    # Optional packages hold builds for every other platform; only the two that are wanted are named.
    (cd "$peer" && npm install --save-exact --ignore-scripts --omit=optional --no-audit --no-fund --silent \
        "node-llama-cpp@$version" "@node-llama-cpp/linux-x64@$version" "@node-llama-cpp/linux-x64-vulkan@$version" >&2) \
        || fail "npm could not fetch node-llama-cpp $version"
    : >"$peer/complete"
fi
cp "$root/bench/llama.mjs" "$peer/llama.mjs"

measure_llama() {
    # llama.cpp passes over drivers that run on the processor, unless they are named.
    GGML_VK_VISIBLE_DEVICES=0 node "$peer/llama.mjs" "$1" "$file" "$prompt" "$tokens" 2>"$peer/log" \
        || { tail -n 5 "$peer/log" >&2; fail "llama.cpp's $1 backend failed; all it said is in $peer/log"; }
}

# The model is compiled before anything is timed.
"$root/quern" run "$file" -p "$prompt" -n 1 >/dev/null 2>&1 || true
quern=$(node "$root/bench/quern.mjs" "$root/quern" "$file" "$prompt" "$tokens")
vulkan=$(measure_llama vulkan)
processor=$(measure_llama cpu)

node "$root/bench/report.mjs" "$quern" "$vulkan" "$processor"
