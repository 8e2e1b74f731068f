/** Sessions on disk and in worker threads. */
export { type EngineFactory, openSession, type SessionSettings } from './node/open-session.ts'
export { runSessionWorker } from './node/run-session-worker.ts'
export { startSessionWorker, type WorkerSession } from './node/start-session-worker.ts'
