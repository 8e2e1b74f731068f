import { isTaggedError, type JsonObject } from '@cleanbeam/types'
import type { Context, Hono } from 'hono'
import type { StartDesk } from '../start-desk.ts'

/** What the start page may still ask for. */
export interface StartRouteOptions {
  readonly basePath: string
  readonly desk: StartDesk
  /** True once a session has begun: the start page is over. */
  isOver(): boolean
  begin(parameters: JsonObject): Promise<void>
}

/** The addresses of the start page, below `api/start`. */
export function addStartRoutes(app: Hono, { basePath, desk, isOver, begin }: StartRouteOptions): void {
  const base = `${basePath}api/start`
  const answer = async (context: Context, work: () => Promise<JsonObject | null>): Promise<Response> => {
    if (isOver())
      return context.json({ tag: 'ServerError', message: 'expected no session yet, got one', fields: {} }, 409)
    try {
      return context.json(await work())
    } catch (error) {
      if (!isTaggedError(error)) throw error
      const { tag, message, fields } = error
      return context.json({ tag, message, fields }, 400)
    }
  }
  app.get(base, context => answer(context, () => desk.overview()))
  app.get(`${base}/files`, context => answer(context, () => desk.files(context.req.query('path') ?? '')))
  app.get(`${base}/observation`, context => {
    const { path = '', ...selection } = context.req.query()
    return answer(context, () => desk.observation(path, selection))
  })
  app.post(`${base}/estimate`, async context => {
    const parameters = await context.req.json<JsonObject>()
    return answer(context, () => desk.estimate(parameters))
  })
  app.post(`${base}/begin`, async context => {
    const parameters = await context.req.json<JsonObject>()
    return answer(context, async () => {
      await begin(parameters)
      return {}
    })
  })
}
