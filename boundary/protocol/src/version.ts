/** Version of the messages this build speaks. Later versions only add; a peer that shares none is refused by name. */
export const PROTOCOL_VERSION = 1

/** Every version this build can speak, newest first. */
export const SUPPORTED_VERSIONS: readonly number[] = [PROTOCOL_VERSION]

/** The newest version both sides speak, or null when there is none. */
export function commonVersion(theirs: readonly number[], ours: readonly number[] = SUPPORTED_VERSIONS): number | null {
  const shared = ours.filter(version => theirs.includes(version))
  return shared.length === 0 ? null : Math.max(...shared)
}
