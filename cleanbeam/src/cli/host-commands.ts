// What another host asks of this one.

import { bridgeToSession, runAgent } from '@cleanbeam/jupyter/node'
import type { Command } from 'commander'

export function defineAgentCommand(command: Command): void {
  command.action(runAgent)
}

export function defineBridgeCommand(command: Command): void {
  command
    .argument('<id>')
    .option('--here', 'the session runs on this very machine')
    .action((id: string, { here = false }: { here?: boolean }) => bridgeToSession(id, here))
}
