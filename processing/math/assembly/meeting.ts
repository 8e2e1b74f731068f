/**
 * Where the workers of one kernel wait for each other: a count and a generation, two words at `place`. Spins for a while
 * and then sleeps, so that an oversubscribed machine makes progress.
 */
const SPINS: i32 = 4000
const SLEEP_NANOSECONDS: i64 = 2000000

/** Returns when all `parties` have come. */
export function meet(place: usize, parties: i32): void {
  if (parties == 1) return
  const generation = atomic.load<i32>(place, 4)
  if (atomic.add<i32>(place, 1) + 1 == parties) {
    atomic.store<i32>(place, 0)
    atomic.add<i32>(place, 1, 4)
    atomic.notify(place + 4, parties)
    return
  }
  for (let spin = 0; atomic.load<i32>(place, 4) == generation; spin++) {
    if (spin > SPINS) atomic.wait<i32>(place + 4, generation, SLEEP_NANOSECONDS)
  }
}
