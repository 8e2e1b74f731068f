// Asks a host what it has. Plain POSIX shell over standard input: works before anything of ours is there, whatever the
// user's shell, and nothing needs quoting. Each answer is a line `@key value`.

/** Where our packages lie on a host, relative to the home folder; `current` links to the newest. */
export const REMOTE_APP_FOLDER = '.cleanbeam/app'

/** What runs the script: standard input is the program. */
export const PROBE_COMMAND = 'exec /bin/sh -s'

export const PROBE_SCRIPT = String.raw`
say() { printf '@%s %s\n' "$1" "$2"; }
say home "$HOME"
say host "$(hostname 2>/dev/null || uname -n)"
say system "$(uname -s) $(uname -m)"
say cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
say diskKib "$(df -Pk "$HOME" 2>/dev/null | awk 'NR==2 {print $4}')"
say memoryKib "$(awk '/^MemAvailable/ {print $2}' /proc/meminfo 2>/dev/null)"
say tar "$(command -v tar 2>/dev/null)"
best=''; bestMajor=0
for node in "$CLEANBEAM_NODE" "$(command -v node 2>/dev/null)" "$HOME"/.cleanbeam/node/bin/node "$HOME"/.nvm/versions/node/*/bin/node \
  "$HOME"/.local/bin/node "$HOME"/.volta/bin/node /usr/local/bin/node /opt/homebrew/bin/node; do
  [ -n "$node" ] && [ -x "$node" ] || continue
  version=$("$node" --version 2>/dev/null) || continue
  major=${'$'}{version#v}; major=${'$'}{major%%.*}
  case $major in ''|*[!0-9]*) continue ;; esac
  if [ "$major" -gt "$bestMajor" ]; then best=$node; bestMajor=$major; say node "$version $node"; fi
  [ "$bestMajor" -ge 20 ] && break
done
for folder in "$HOME"/${REMOTE_APP_FOLDER}/*/; do
  [ -f "$folder/package.json" ] && say package "$(basename "$folder")"
done
modules='
import importlib.util as u, importlib.metadata as m, json, sys
def version(name):
    if u.find_spec(name) is None: return None
    try: return m.version(name)
    except Exception: return "?"
print(json.dumps({"python": sys.version.split()[0], **{n: version(n) for n in ("ipykernel", "zmq", "casatasks", "casatools", "numpy")}}))
'
seen=''
look() {
  [ -n "$1" ] && [ -x "$1" ] || return 0
  case " $seen " in *" $1 "*) return 0 ;; esac
  seen="$seen $1"
  answer=$("$1" -c "$modules" 2>/dev/null </dev/null) && say python "$answer $1"
}
look "$CLEANBEAM_CASA_PYTHON"
look "$HOME/.cleanbeam/casa/bin/python"
casa=$(command -v casa 2>/dev/null)
if [ -n "$casa" ]; then
  casa=$(readlink -f "$casa" 2>/dev/null || echo "$casa")
  look "$(dirname "$casa")/python3"
  look "$(dirname "$(dirname "$casa")")/lib/py/bin/python3"
fi
look "$(command -v python3 2>/dev/null)"
say done 1
`
