#!/usr/bin/env bash
# Build what is missing to run Gridworker (setup.sh run) or to work on it (setup.sh dev): system libraries and a Chinese
# font where apt-get can bring them, a .venv, the package in it. Does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}
venv=.venv

say() { printf '%s\n' "$*" >&2; }

# What Qt loads on Linux, as "soname package": the libraries PySide6-Essentials names (ldd) for windows on X11 and Wayland,
# the offscreen platform, printing and network. apt brings what these need in turn.
libraries='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11.so.6 libx11-6
libX11-xcb.so.1 libx11-xcb1
libcups.so.2 libcups2
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
libxcb.so.1 libxcb1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-glx.so.0 libxcb-glx0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xinerama.so.0 libxcb-xinerama0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
'

find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

missing_packages() {
    local known soname package
    known=$( (ldconfig -p 2>/dev/null || /sbin/ldconfig -p) | awk '{print $1}')
    while read -r soname package; do
        [ -z "$soname" ] || grep -qxF "$soname" <<<"$known" || printf '%s\n' "$package"
    done <<<"$libraries"
    # A window without a Chinese font shows empty boxes.
    command -v fc-list >/dev/null || printf 'fontconfig\n'
    [ -n "$(fc-list :lang=zh family 2>/dev/null)" ] || printf 'fonts-noto-cjk\n'
    [ -x "$venv/bin/python" ] || "$1" -c 'import ensurepip, venv' 2>/dev/null || printf 'python3-venv\n'
    # The tests open our bundles with the reference implementation of age and check them with openssl.
    [ "$want" != dev ] || command -v age >/dev/null || printf 'age\n'
    [ "$want" != dev ] || command -v openssl >/dev/null || printf 'openssl\n'
    # They cut the power of a store: what reaches the disk is written down by a few calls in C.
    [ "$want" != dev ] || command -v cc >/dev/null || printf 'gcc\nlibc6-dev\n'
}

install_packages() {
    local root=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            root=(sudo)
        else
            say "These are missing and need an administrator: ask for 'apt-get install $*'. Going on without."
            return 1
        fi
    fi
    say "Installing what is missing: $*"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update || true
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null || {
        say "apt-get could not install: $*. Is this machine online? Going on without."
        return 1
    }
}

if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null; then
    packages=$(missing_packages "$(find_python || true)")
    # shellcheck disable=SC2086 # a list of names
    [ -z "$packages" ] || install_packages $packages || true
fi

if [ ! -x $venv/bin/python ] || ! $venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    if [ -z "$python" ]; then
        say "Gridworker needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3 ..."
        exit 1
    fi
    "$python" -m venv --clear $venv
fi

extra=''
[ "$want" != dev ] || extra='[dev]'
$venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".$extra"

# Where apt-get could not help, say which libraries Qt still lacks instead of letting it abort later.
if [ "$(uname -s)" = Linux ]; then
    qt=$($venv/bin/python -c 'import importlib.util as u; print(u.find_spec("PySide6").submodule_search_locations[0])')
    lacking=$(ldd "$qt"/QtWidgets.abi3.so "$qt"/Qt/plugins/platforms/libq{xcb,offscreen}.so | awk '/not found/{print $1}' | sort -u)
    if [ -n "$lacking" ]; then
        say "Qt needs these system libraries; install them with your package manager:" $lacking
        exit 1
    fi
fi

[ "$want" != dev ] || touch $venv/.setup-dev
touch $venv/.setup-run
