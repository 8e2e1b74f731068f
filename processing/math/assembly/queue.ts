/**
 * The atomic queue every kernel draws its work items from. The host sets the word at `queue` to 0 before a step and to
 * a large number to cancel it, so a kernel ends after the item at hand.
 */
@inline
export function take(queue: usize): i32 {
  return atomic.add<i32>(queue, 1)
}
