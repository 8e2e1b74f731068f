import { config } from 'zod'

// The page's content security policy forbids code made from text; zod would try, and the browser would complain.
config({ jitless: true })
