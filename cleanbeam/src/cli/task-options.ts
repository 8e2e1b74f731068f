// Options of the commands that take tclean's parameters, made from the parameter table.

import { readFile } from 'node:fs/promises'
import type { ParameterDescription } from '@cleanbeam/tclean'
import type { JsonObject } from '@cleanbeam/types'
import { type Command, Option } from 'commander'
import { CommandError } from './command-error.ts'
import { optionValue } from './option-value.ts'

/** Gives a command one option per row, under headings as in CASA's documentation. */
export function addTaskOptions(command: Command, table: readonly ParameterDescription[]): Command {
  command.option('--params <file>', 'JSON file with parameters; options on the command line go before it')
  for (const row of table) {
    const placeholder = row.kind === 'boolean' ? '[true|false]' : `<${row.unit || row.kind.replaceAll(' ', '-')}>`
    const option = new Option(`--${row.name} ${placeholder}`, describe(row)).helpGroup(`${row.group}:`)
    command.addOption(option)
  }
  return command
}

function describe({ meaning, default: value, supported, choices }: ParameterDescription): string {
  const allowed = supported ?? choices
  const among = allowed ? ` [${allowed.join(', ')}]` : ''
  const standard = value === null || value === '' ? '' : ` (default ${JSON.stringify(value)})`
  return `${meaning}${among}${standard}`
}

/**
 * Parameters from the options given and the file named by --params.
 * @throws CommandError when that file is missing or is not a JSON object
 */
export async function collectParameters(
  options: Readonly<Record<string, unknown>>,
  table: readonly ParameterDescription[],
): Promise<JsonObject> {
  const parameters: JsonObject = typeof options.params === 'string' ? await readJsonObject(options.params) : {}
  for (const row of table) {
    const given = options[row.name]
    if (given === undefined) continue
    parameters[row.name] = given === true ? true : optionValue(row, String(given))
  }
  return parameters
}

/** @throws CommandError when the file cannot be read or holds anything but a JSON object */
export async function readJsonObject(path: string): Promise<JsonObject> {
  const value = await readJson(path)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new CommandError(`expected a JSON object {"niter": 100, …}, got something else (${path})`, { path })
}

/** @throws CommandError when the file cannot be read or is not JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new CommandError(`expected a JSON file, got: ${(error as Error).message} (${path})`, { path }, error)
  }
}
