import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from './jupyter-error.ts'
import type { ExecuteOptions, ExecuteResult, RequestOptions } from './kernel-client.ts'
import type { KernelMessage } from './kernel-message.ts'

type Request = (type: string, content: JsonObject, options: RequestOptions) => Promise<KernelMessage>

/** An execute_request with what becomes of its output. */
export async function executeCode(code: string, options: ExecuteOptions, request: Request): Promise<ExecuteResult> {
  const { silent = false, storeHistory = false, userExpressions = {}, ...rest } = options
  const text = { stdout: '', stderr: '' }
  let result: JsonObject | null = null
  const onOutput = (message: KernelMessage) => {
    const { content } = message
    if (message.header.msg_type === 'stream') text[content.name === 'stderr' ? 'stderr' : 'stdout'] += content.text
    if (message.header.msg_type === 'execute_result') result = content.data as JsonObject
    options.onOutput?.(message)
  }
  const asked = {
    code,
    silent,
    store_history: storeHistory,
    user_expressions: userExpressions,
    allow_stdin: options.onInput !== undefined,
    stop_on_error: true,
  }
  const { content } = await request('execute_request', asked, { ...rest, onOutput })
  if (content.status !== 'ok') throw executionError(content, text.stderr)
  return {
    executionCount: Number(content.execution_count),
    ...text,
    result,
    userExpressions: (content.user_expressions ?? {}) as JsonObject,
  }
}

function executionError(content: JsonObject, stderr: string): JupyterError {
  const { ename = String(content.status), evalue = '', traceback = [] } = content
  const fields = { ename, evalue, traceback, stderr }
  return new JupyterError(`expected the code to run, got ${ename}: ${evalue} (kernel)`, fields)
}
