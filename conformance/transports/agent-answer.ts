import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { errorFromBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'

const MARK = '@answer '

/** Asks `cleanbeam agent`, as another host would over ssh. @throws the error it answers with */
export async function agentAnswer(cli: string, request: JsonObject): Promise<JsonObject> {
  const child = spawn(process.execPath, [cli, 'agent'], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(request))
  const said = await text(child.stdout)
  const line = said.split('\n').findLast(each => each.startsWith(MARK))
  if (line === undefined) throw new Error(`expected an answer of the agent, got: ${said}`)
  const { value, error } = JSON.parse(line.slice(MARK.length))
  const failure = error ?? value?.error
  if (failure !== undefined) throw errorFromBody(failure)
  return value
}
