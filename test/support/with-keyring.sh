#!/usr/bin/env bash
# Runs a command beside an unlocked gnome-keyring, on a D-Bus session and in a HOME that are gone afterwards.
# The command finds KEYRING_PID and KEYRING_PW in its environment; an empty KEYRING_PW makes no keyring at all.
# Its exit is passed through. A daemon that crashed leaves its last words on stderr: D-Bus starts another one then, which is
# locked, and that is all that the command gets to see of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -m 700 "$folder/home" "$folder/run"
export HOME="$folder/home" XDG_RUNTIME_DIR="$folder/run" KEYRING_PW="${KEYRING_PW-test-password}"
unset DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL XDG_DATA_HOME XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS

# printf, not echo: a newline would become a part of the password. Waiting for the name keeps the first client from
# having D-Bus start a second, locked daemon.
dbus-run-session -- bash -euo pipefail -c '
  printf %s "$KEYRING_PW" | gnome-keyring-daemon --foreground --unlock --components=secrets \
    >/dev/null 2>"$XDG_RUNTIME_DIR/daemon.log" &
  export KEYRING_PID=$!
  gdbus wait --session --timeout 10 org.freedesktop.secrets
  exit=0; "$@" || exit=$?
  kill -CONT "$KEYRING_PID" 2>/dev/null || true
  ended=0
  kill "$KEYRING_PID" 2>/dev/null || wait "$KEYRING_PID" || ended=$?
  # SIGILL, SIGTRAP (how GLib ends what it calls an error), SIGABRT, SIGBUS, SIGFPE, SIGSEGV: nobody but the daemon itself.
  case $ended in 132|133|134|135|136|139)
    printf "the keyring daemon crashed (%s):\n" "$ended" >&2
    cat "$XDG_RUNTIME_DIR/daemon.log" >&2 ;;
  esac
  exit "$exit"' _ "$@"
