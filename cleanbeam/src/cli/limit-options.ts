// What a command may use of the machine: --threads, --memory.

import type { EngineLimits } from '@cleanbeam/tclean/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'

/** Values as commander hands them on. */
export interface LimitOptions {
  readonly threads?: string
  readonly memory?: string
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--threads <number>', 'worker threads; as many as the machine has by default')
    .option('--memory <size>', 'memory the process may use, such as 4GB; what does not fit is read again when needed')
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
}

/** @throws CommandError naming the option that cannot be read */
export function engineLimits({ threads, memory }: LimitOptions): EngineLimits {
  return {
    ...(threads === undefined ? {} : { threads: threadCount(threads) }),
    ...(memory === undefined ? {} : { memoryBytes: byteCount(memory) }),
  }
}

function threadCount(text: string): number {
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads
  throw new CommandError(`expected --threads between 1 and 256, got '${text}'`, { threads: text })
}

function byteCount(text: string): number {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)\s*$/i.exec(text)
  const unit = parts === null ? '' : parts[2].toUpperCase()
  const factor = UNITS[unit] ?? UNITS[`${unit}B`]
  if (parts !== null && factor !== undefined) return Number(parts[1]) * factor
  throw new CommandError(`expected a size such as 4GB or 500MB for --memory, got '${text}'`, { memory: text })
}
