import type { SessionSnapshot } from '@cleanbeam/protocol'
import { formatFrequency } from '@cleanbeam/viewer/drawing'

/** What is being imaged, for the top of the page. */
export interface SessionTitle {
  /** File name of the visibilities. */
  readonly data: string
  readonly object: string
  readonly frequency: string
  readonly telescope: string
}

/** Title of a session, from its parameters and the coordinates of its first product. */
export function sessionTitle(session: SessionSnapshot): SessionTitle {
  const coordinates = session.products[0]?.coordinates
  const { vis } = session.parameters
  const paths = (Array.isArray(vis) ? vis : [vis]).filter((v): v is string => typeof v === 'string')
  const names = paths.map(path => path.split('/').filter(Boolean).pop() ?? path)
  return {
    data: names.length > 1 ? `${names[0]} + ${names.length - 1}` : (names[0] ?? session.fields[0].imagename),
    object: coordinates?.observation.object ?? '',
    frequency: coordinates ? formatFrequency(coordinates.spectral.referenceHz, 3) : '',
    telescope: coordinates?.observation.telescope ?? '',
  }
}

/** The image name without its folder. */
export function imageTitle(session: SessionSnapshot): string {
  return session.fields[0].imagename.split('/').pop() ?? session.fields[0].imagename
}
