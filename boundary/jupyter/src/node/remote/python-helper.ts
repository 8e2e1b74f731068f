// Our hand on a host that has Python but perhaps no Node.js: a program sent over standard input to `python -`, so that
// nothing is installed there and nothing needs quoting.

import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../../jupyter-error.ts'
import type { SshConnection } from '../ssh/ssh-connection.ts'
import { ANSWER_MARK } from './agent-requests.ts'

/** What the helper is asked. Kernels are kept in the registry's folder, one private folder each. */
export type HelperRequest =
  | { readonly op: 'start'; readonly id: string; readonly key: string; readonly argv: readonly string[] }
  | { readonly op: 'status'; readonly id: string }
  | { readonly op: 'signal'; readonly id: string; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' }
  | { readonly op: 'remove'; readonly id: string }
  | { readonly op: 'list' }

/** A kernel on a host, as the helper knows it. */
export interface KernelStatus {
  readonly id: string
  readonly alive: boolean
  /** Content of its connection file. */
  readonly connection: JsonObject
}

const HELPER = String.raw`
import json, os, signal, shutil, subprocess, sys, tempfile, time

START_SECONDS = 60

def base():
    path = os.environ.get('CLEANBEAM_RUNTIME_DIR') or os.path.join(tempfile.gettempdir(), 'cleanbeam-%d' % os.getuid())
    os.makedirs(path, mode=0o700, exist_ok=True)
    found = os.stat(path)
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise RuntimeError('expected a folder that only this user can enter, got ' + path)
    return path

def folder(identity):
    if not identity.startswith('kernel-') or not identity[7:].isalnum():
        raise RuntimeError('expected the id of a kernel, got ' + repr(identity))
    return os.path.join(base(), identity)

def started(pid):
    """When a process began, in the system's count; None for none and for zombies."""
    try:
        with open('/proc/%d/stat' % pid) as stat:
            fields = stat.read().rsplit(')', 1)[1].split()
        return None if fields[0] in 'ZXx' else fields[19]
    except OSError:
        pass
    if os.path.exists('/proc/self/stat'):
        return None
    answer = subprocess.run(['ps', '-o', 'lstart=', '-p', str(pid)], capture_output=True, text=True).stdout.strip()
    return answer or None

def start(request):
    place = folder(request['id'])
    os.mkdir(place, 0o700)
    connection = dict(transport='ipc', ip=os.path.join(place, 'k'), key=request['key'], signature_scheme='hmac-sha256',
                      shell_port=1, iopub_port=2, stdin_port=3, control_port=4, hb_port=5)
    file = os.path.join(place, 'kernel.json')
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as out:
        json.dump(connection, out)
    log_path = os.path.join(place, 'log')
    environment = {key: value for key, value in os.environ.items() if key != 'JPY_PARENT_PID'}
    environment.update(PYTHONUNBUFFERED='1', MPLBACKEND='agg')
    with open(os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 'w') as log:
        argv = [sys.executable] + [word.replace('{connection_file}', file) for word in request['argv']]
        kernel = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                  cwd=os.path.expanduser('~'), env=environment)
    end = time.time() + START_SECONDS
    while not all(os.path.exists('%s-%d' % (connection['ip'], i)) for i in range(1, 6)):
        if kernel.poll() is not None or time.time() > end:
            if kernel.poll() is None:
                kernel.kill()
            with open(log_path) as log:
                words = log.read()[-1500:]
            shutil.rmtree(place, ignore_errors=True)
            raise RuntimeError('expected the kernel to start, got exit status %s: %s' % (kernel.poll(), words))
        time.sleep(0.02)
    with open(os.path.join(place, 'process.json'), 'w') as out:
        json.dump(dict(pid=kernel.pid, startTime=started(kernel.pid)), out)
    return status(request)

def identity_of(place):
    with open(os.path.join(place, 'process.json')) as file:
        found = json.load(file)
    return found['pid'], found['startTime']

def status(request):
    place = folder(request['id'])
    try:
        with open(os.path.join(place, 'kernel.json')) as file:
            connection = json.load(file)
        pid, when = identity_of(place)
    except OSError:
        raise RuntimeError('expected a kernel of this host, got %s: it has ended' % request['id'])
    return dict(id=request['id'], alive=started(pid) == when, connection=connection)

def send_signal(request):
    pid, when = identity_of(folder(request['id']))
    if started(pid) == when:
        os.kill(pid, getattr(signal, request['signal']))

def remove(request):
    place = folder(request['id'])
    try:
        pid, when = identity_of(place)
        for name in ('SIGTERM', 'SIGKILL'):
            for _ in range(100):
                if started(pid) != when:
                    break
                if _ == 0:
                    os.kill(pid, getattr(signal, name))
                time.sleep(0.02)
    except OSError:
        pass
    shutil.rmtree(place, ignore_errors=True)

def list_all(request):
    names = [name for name in os.listdir(base()) if name.startswith('kernel-')]
    found = []
    for name in names:
        try:
            found.append(status(dict(id=name)))
        except RuntimeError:
            shutil.rmtree(folder(name), ignore_errors=True)
    for kernel in found:
        if not kernel['alive']:
            shutil.rmtree(folder(kernel['id']), ignore_errors=True)
    return [kernel for kernel in found if kernel['alive']]

OPERATIONS = dict(start=start, status=status, signal=send_signal, remove=remove, list=list_all)
try:
    answer = dict(value=OPERATIONS[REQUEST['op']](REQUEST))
except Exception as error:
    answer = dict(error=str(error) or repr(error))
sys.stdout.write('\n' + MARK + json.dumps(answer) + '\n')
`

/**
 * Asks the helper.
 * @param python - path of the Python on the host
 * @throws JupyterError with the helper's words
 */
export async function askHelper<T>(ssh: SshConnection, python: string, request: HelperRequest): Promise<T> {
  const literal = (value: string) => JSON.stringify(value)
  const head = [
    'import json',
    `REQUEST = json.loads(${literal(JSON.stringify(request))})`,
    `MARK = ${literal(ANSWER_MARK)}`,
  ]
  const command = `exec '${python.replaceAll("'", `'\\''`)}' -`
  const { stdout } = await ssh.run(command, `${head.join('\n')}\n${HELPER}`, { timeoutMs: 120_000 })
  const text = stdout.toString('utf8')
  const at = text.lastIndexOf(ANSWER_MARK)
  if (at < 0) throw new JupyterError(`expected an answer of Python on ${ssh.host}, got: ${text.trim().slice(-500)}`)
  const answer = JSON.parse(text.slice(at + ANSWER_MARK.length)) as { value?: T; error?: string }
  if (answer.error !== undefined) throw new JupyterError(`${answer.error} (${ssh.host})`)
  return answer.value as T
}
